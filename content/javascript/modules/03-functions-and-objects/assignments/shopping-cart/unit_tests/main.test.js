const test = require("node:test");
const assert = require("node:assert");
const { add, total, discounted } = require("./main.js");

const bread = () => ({ name: "bread", cents: 349, count: 1 });
const milk = () => ({ name: "milk", cents: 129, count: 2 });

test("add to an empty cart", () => assert.deepStrictEqual(add([], "bread", 349), [bread()]));
test("add another article", () =>
    assert.deepStrictEqual(add([milk()], "bread", 349), [milk(), bread()]));
test("add again", () =>
    assert.deepStrictEqual(add([bread(), milk()], "bread", 349), [{ ...bread(), count: 2 }, milk()]));
test("adding leaves the cart", () => {
    const cart = [milk()];
    add(cart, "bread", 349);
    assert.deepStrictEqual(cart, [milk()]);
});
test("adding again leaves the cart", () => {
    const cart = [bread()];
    const after = add(cart, "bread", 349);
    assert.deepStrictEqual(cart, [bread()]);
    assert.strictEqual(after.length, 1);
});
test("total", () => assert.strictEqual(total([bread(), milk()]), 607));
test("total of nothing", () => assert.strictEqual(total([]), 0));
test("discount", () => assert.strictEqual(discounted([milk()], 50), 129));
test("discount rounds", () => assert.strictEqual(discounted([bread()], 15), 297));
test("no discount", () => assert.strictEqual(discounted([bread()], 0), 349));
