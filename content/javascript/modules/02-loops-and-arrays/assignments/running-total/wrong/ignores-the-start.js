function runningTotal(start, amounts) {
    const balances = [];
    let balance = 0;
    for (const amount of amounts) {
        balance += amount;
        balances.push(balance);
    }
    return balances;
}

module.exports = { runningTotal };
