const text = require("node:fs").readFileSync(0, "utf8");
const days = text.split("\n").filter((line) => line !== "").map(Number);

let total = 0;
let frosty = 0;
let warmest = days[0];
const mild = [];

for (const degrees of days) {
    total += degrees;
    if (degrees < 0) {
        frosty += 1;
    }
    if (degrees > warmest) {
        warmest = degrees;
    }
    if (degrees >= 10) {
        mild.push(degrees);
    }
}

console.log(`Average: ${(total / days.length).toFixed(1)}`);
console.log(`Frosty days: ${frosty}`);
console.log(`Warmest: ${warmest}`);
console.log(`Mild: ${mild.join(", ")}`);
