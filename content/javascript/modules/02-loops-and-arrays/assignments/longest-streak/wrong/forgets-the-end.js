function longestStreak(days) {
    let longest = 0;
    let current = 0;
    for (const practised of days) {
        if (practised) {
            current += 1;
        } else {
            if (current > longest) {
                longest = current;
            }
            current = 0;
        }
    }
    return longest;
}

module.exports = { longestStreak };
