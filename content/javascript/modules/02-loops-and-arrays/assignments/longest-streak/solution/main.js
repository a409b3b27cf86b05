function longestStreak(days) {
    let longest = 0;
    let current = 0;
    for (const practised of days) {
        current = practised ? current + 1 : 0;
        if (current > longest) {
            longest = current;
        }
    }
    return longest;
}

module.exports = { longestStreak };
