function ticketPrice(age, day, minutes) {
    // Return the price in cents.
}

module.exports = { ticketPrice };
