function add(cart, name, cents) {
    if (cart.some((item) => item.name === name)) {
        return cart.map((item) => (item.name === name ? { ...item, count: item.count + 1 } : item));
    }
    return [...cart, { name, cents, count: 1 }];
}

function total(cart) {
    return cart.reduce((sum, item) => sum + item.cents * item.count, 0);
}

function discounted(cart, percent) {
    return Math.round((total(cart) * (100 - percent)) / 100);
}

module.exports = { add, total, discounted };
