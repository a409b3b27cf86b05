const lines = require("node:fs").readFileSync(0, "utf8").split("\n");

const name = lines[0].trim();
const birthYear = Number(lines[1]);

console.log(`Hello, ${name}.`);
console.log(`In 2030 you will be ${2030 - birthYear}.`);
