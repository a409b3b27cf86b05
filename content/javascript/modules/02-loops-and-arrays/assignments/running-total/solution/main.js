function runningTotal(start, amounts) {
    const balances = [];
    let balance = start;
    for (const amount of amounts) {
        balance += amount;
        balances.push(balance);
    }
    return balances;
}

module.exports = { runningTotal };
