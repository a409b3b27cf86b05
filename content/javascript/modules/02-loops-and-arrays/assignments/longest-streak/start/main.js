function longestStreak(days) {
    // Go through the days, and keep the longest run.
}

module.exports = { longestStreak };
