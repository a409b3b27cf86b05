function add(cart, name, cents) {
    // Return a new cart.
}

function total(cart) {
    // Return the sum in cents.
}

function discounted(cart, percent) {
    // Return the sum less the discount, in whole cents.
}

module.exports = { add, total, discounted };
