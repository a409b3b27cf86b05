function wordCount(text) {
    const counts = Object.create(null);
    for (const word of text.match(/[A-Za-z']+/g) ?? []) {
        counts[word] = (counts[word] ?? 0) + 1;
    }
    return counts;
}

module.exports = { wordCount };
