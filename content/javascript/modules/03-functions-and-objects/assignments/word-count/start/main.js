function wordCount(text) {
    const counts = {};
    // Take the text apart and count.
    return counts;
}

module.exports = { wordCount };
