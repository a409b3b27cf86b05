function add(cart, name, cents) {
    return [...cart, { name, cents, count: 1 }];
}

function total(cart) {
    return cart.reduce((sum, item) => sum + item.cents * item.count, 0);
}

function discounted(cart, percent) {
    return Math.round((total(cart) * (100 - percent)) / 100);
}

module.exports = { add, total, discounted };
