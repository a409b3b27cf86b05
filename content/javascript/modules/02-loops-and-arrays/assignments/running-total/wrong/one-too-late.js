function runningTotal(start, amounts) {
    const balances = [];
    let balance = start;
    for (const amount of amounts) {
        balances.push(balance);
        balance += amount;
    }
    return balances;
}

module.exports = { runningTotal };
