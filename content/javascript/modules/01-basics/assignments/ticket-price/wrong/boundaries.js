function ticketPrice(age, day, minutes) {
    if (age < 3) {
        return 0;
    }
    let cents = age <= 14 ? 700 : 1200;
    if (day === "Tuesday") {
        cents -= 200;
    }
    if (minutes >= 150) {
        cents += 150;
    }
    return cents;
}

module.exports = { ticketPrice };
