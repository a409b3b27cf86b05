function runningTotal(start, amounts) {
    const balances = [];
    // Fill the list.
    return balances;
}

module.exports = { runningTotal };
