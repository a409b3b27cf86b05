function longestStreak(days) {
    let current = 0;
    for (const practised of days) {
        current = practised ? current + 1 : 0;
    }
    return current;
}

module.exports = { longestStreak };
