function ticketPrice(age, day, minutes) {
    if (age < 3) {
        console.log(0);
        return;
    }
    let cents = age < 14 ? 700 : 1200;
    if (day === "Tuesday") {
        cents -= 200;
    }
    if (minutes > 150) {
        cents += 150;
    }
    console.log(cents);
}

module.exports = { ticketPrice };
