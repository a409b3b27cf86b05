const breadCents = 349;
const milkCents = 129;

let total = 0;
total += breadCents;
total += 2 * milkCents;

console.log("Bread     1 x " + breadCents);
console.log("Milk      2 x " + milkCents);
console.log("Total:    " + (total / 100).toFixed(2) + " EUR");
