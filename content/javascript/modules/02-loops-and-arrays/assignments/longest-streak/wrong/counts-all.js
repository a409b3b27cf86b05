function longestStreak(days) {
    let count = 0;
    for (const practised of days) {
        if (practised) {
            count += 1;
        }
    }
    return count;
}

module.exports = { longestStreak };
