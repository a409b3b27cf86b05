function ticketPrice(age, day, minutes) {
    let cents = 1200;
    if (age < 3) {
        cents = 0;
    } else if (age < 14) {
        cents = 700;
    }
    if (day === "Tuesday" && cents > 0) {
        cents -= 200;
    }
    if (minutes > 150) {
        cents += 150;
    }
    return cents;
}

module.exports = { ticketPrice };
