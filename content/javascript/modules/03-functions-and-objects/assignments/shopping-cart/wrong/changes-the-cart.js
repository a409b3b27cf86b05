function add(cart, name, cents) {
    const known = cart.find((item) => item.name === name);
    if (known) {
        known.count += 1;
    } else {
        cart.push({ name, cents, count: 1 });
    }
    return cart;
}

function total(cart) {
    return cart.reduce((sum, item) => sum + item.cents * item.count, 0);
}

function discounted(cart, percent) {
    return Math.round((total(cart) * (100 - percent)) / 100);
}

module.exports = { add, total, discounted };
