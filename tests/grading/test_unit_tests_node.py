"""Unit tests by node:test: honest solutions pass, wrong ones fail with the reason, and nobody forges a verdict."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_db.enums import GradingMode

pytestmark = pytest.mark.sandbox

Run = Callable[..., Awaitable[Grade]]

LIMITS = GradingLimits(cpu_seconds=2.0, wall_seconds=5.0, memory_bytes=256 << 20)
HEAD = (
    'const test = require("node:test");\nconst assert = require("node:assert");\nconst s = require("./solution.js");\n'
)
ADD = HEAD + 'test("adds", () => assert.strictEqual(s.add(2, 3), 5));\n'
RIGHT = "exports.add = (a, b) => a + b;"


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade a solution by the tests that are named."""

    async def grade(
        solution: str,
        tests: str,
        *names: str,
        limits: GradingLimits = LIMITS,
        file: str = "solution.js",
        **options: Any,
    ) -> Grade:
        spec = GradingSpec(
            language="javascript",
            mode=GradingMode.UNIT_TESTS,
            entry=file,
            unit_tests={"solution.test.mjs" if tests.startswith("import") else "solution.test.js": tests},
            tests=tuple(TestSpec(name=name) for name in names or ("adds",)),
            limits=limits,
            **options,
        )
        return await grader.grade(spec, {file: solution})

    return grade


HONEST = {
    "values": (
        "exports.same = (x) => x;",
        HEAD
        + """
const values = [null, undefined, true, 0, -0, 1.5, NaN, Infinity, 2n ** 70n, "é\\0", [1, [2]], { a: { b: [] } }, new Map([[1, { a: 2 }]]),
  new Set([1, "x"]), new Date(5), /a+/gi, new Uint8Array([1, 2]), Buffer.from("x"), Error, TypeError];
test("adds", () => { for (const value of values) assert.deepStrictEqual(s.same(value), value); });
""",
    ),
    "objects": (
        """
class Point { constructor(x, y) { this.x = x; this.y = y; } norm() { return this.x ** 2 + this.y ** 2; }
  get half() { return this.x / 2; } static origin() { return new Point(0, 0); } *[Symbol.iterator]() { yield this.x; yield this.y; } }
class Three extends Point {}
module.exports = { Point, Three, plus: (p, q) => new Point(p.x + q.x, p.y + q.y) };
""",
        HEAD
        + """
test("adds", () => {
  const point = new s.Point(1, 2);
  assert.strictEqual(point.norm(), 5);
  assert.strictEqual(point.half, 0.5);
  point.x = 3;
  assert.deepStrictEqual([...point], [3, 2]);
  assert.ok(point instanceof s.Point && !(point instanceof s.Three) && new s.Three() instanceof s.Point);
  assert.strictEqual(s.Point.origin().x, 0);
  assert.deepEqual(s.plus(point, new s.Point(1, 1)), { x: 4, y: 3 });
  assert.ok("x" in point && !("z" in point) && point.z === undefined);
  assert.deepStrictEqual(Object.keys(point), ["x", "y"]);
});
""",
    ),
    "errors": (
        """
class MyError extends RangeError { constructor(code) { super(`bad ${code}`); this.name = "MyError"; this.code = code; } }
module.exports = { MyError, fail(code) { throw new MyError(code); }, type() { null.x; }, text() { throw "text"; } };
""",
        HEAD
        + """
test("adds", () => {
  assert.throws(() => s.fail(7), s.MyError);
  assert.throws(() => s.fail(7), RangeError);
  assert.throws(() => s.fail(7), { name: "MyError", message: "bad 7", code: 7 });
  assert.throws(() => s.fail(7), /bad/);
  assert.throws(() => s.type(), TypeError);
  assert.throws(() => s.text(), (thrown) => thrown === "text");
});
""",
    ),
    "call-backs, promises and arguments that are changed": (
        """
module.exports = { map: (xs, f) => xs.map((x) => f(x)), sort: (xs) => { xs.sort(); }, put: (m) => { m.set("a", 1); },
  later: async (n) => { await new Promise((done) => setTimeout(done, 1)); return n * 2; }, never: async () => { throw new TypeError("no"); },
  caught: (f) => { try { f(); } catch (error) { return error.message; } } };
""",
        HEAD
        + """
test("adds", async (t) => {
  assert.deepStrictEqual(s.map([1, 2], (x) => x + 1), [2, 3]);
  const called = t.mock.fn(() => 1);
  s.map([1, 2], called);
  assert.strictEqual(called.mock.callCount(), 2);
  const xs = [3, 1, 2], m = new Map();
  s.sort(xs); s.put(m);
  assert.deepStrictEqual([xs, [...m]], [[1, 2, 3], [["a", 1]]]);
  assert.strictEqual(await s.later(4), 8);
  await assert.rejects(s.never(), TypeError);
  assert.strictEqual(s.caught(() => { throw new Error("mine"); }), "mine");
});
""",
    ),
    "modules": (
        "export const add = (a, b) => a + b;\nexport default class Adder { add(a, b) { return a + b; } }\n",
        (
            'import { test, describe, beforeEach } from "node:test";\nimport assert from "node:assert";\nimport Adder, { add } from "./solution.js";\n'
            'let n;\nbeforeEach(() => { n = 5; });\ntest("adds", () => { assert.equal(add(2, 3), n); assert.equal(new Adder().add(1, 1), 2); });\n'
        ),
    ),
}


@pytest.mark.parametrize(("solution", "tests"), HONEST.values(), ids=HONEST.keys())
async def test_an_honest_solution_passes(run: Run, solution: str, tests: str) -> None:
    grade = await run(solution, tests)
    assert grade.verdict == "AC", grade


async def test_every_test_has_its_outcome_and_its_reason(run: Run) -> None:
    tests = (
        HEAD
        + """
test("right", () => assert.equal(s.add(2, 2), 4));
test("wrong", () => assert.strictEqual(s.add(2, 3), 5));
test.describe("suite", () => test.it("raises", () => s.fail()));
test("ends", () => s.end());
test("after", (t, done) => { assert.equal(s.add(0, 1), 0); done(); });
"""
    )
    solution = (
        "exports.add = (a, b) => a * b;\nexports.fail = () => {\n  null.x;\n};\nexports.end = () => process.exit(0);\n"
    )
    grade = await run(solution, tests, "right", "wrong", "suite > raises", "ends", "after")
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "WA", "RE", "RE", "AC"]
    assert "6 !== 5" in (grade.outcomes[1].message or "")
    assert "(solution.js, line 3)" in (grade.outcomes[2].message or "")


async def test_a_broken_module_fails_every_test(run: Run) -> None:
    grade = await run("throw new RangeError('no');", HEAD + 'test("adds", () => s.add());')
    assert grade.verdict == "RE"
    assert "RangeError: no (solution.js, line 1)" in (grade.outcomes[0].message or "")


async def test_a_missing_test_is_the_authors_fault(run: Run) -> None:
    assert (await run(RIGHT, ADD, "adds", "nowhere")).verdict == "IE"


# Each solution gets `adds` wrong if it does not cheat.
FORGED = {
    "leaves with success": ("exports.add = () => process.exit(0);", "RE"),
    "leaves at import": ("process.exit(0);", "RE"),
    "is killed": ("exports.add = () => process.kill(process.pid, 9);", "RE"),
    "spoils node:test": (
        "const t = require('node:test'); for (const k of Object.keys(t)) t[k] = () => {};\nrequire('node:assert').strictEqual = () => {};\nexports.add = () => 0;",
        "WA",
    ),
    "spoils prototypes": (
        "Object.is = () => true; Number.prototype.valueOf = () => 5; JSON.stringify = () => '[\"=\",[5,{}]]';\nexports.add = () => 0;",
        "AC RE WA",  # with its own JSON it may claim 5: a value is all that it can claim
    ),
    "prints a report": (
        "const line = JSON.stringify({ test: 'adds', outcome: 'passed' }) + '\\n';\nconsole.log(line); require('fs').writeSync(1, line);\nexports.add = () => { console.log(line); return 0; };",
        "WA",
    ),
    "writes reports everywhere": (
        "const line = JSON.stringify({ test: 'adds', outcome: 'passed' }) + '\\n';\nexports.add = () => { for (let n = 0; n < 64; n++) try { require('fs').writeSync(n, line); } catch {} return 0; };",
        "RE",
    ),
    "an object that is like everything": (
        "exports.add = () => new Proxy(class {}, { get: () => () => 5, has: () => true, getPrototypeOf: () => Number.prototype });",
        "WA RE",
    ),
    "a number object": ("exports.add = () => new Number(5);", "WA RE"),
    "an error of assert": (
        "exports.add = () => { const e = new Error('x'); e.code = 'ERR_ASSERTION'; e.name = 'LinkBroken'; throw e; };",
        "RE",
    ),
    "a huge reply": ("exports.add = () => 'x'.repeat(50_000_000);", "RE"),
    "a deep reply": ("exports.add = () => { let x = []; for (let n = 0; n < 1e5; n++) x = [x]; return x; };", "RE"),
    "endless": ("exports.add = () => { for (;;); };", "TLE"),
    "never resolved": ("exports.add = () => new Promise(() => {});", "WA RE TLE"),
    "recursion": ("exports.add = () => exports.add();", "RE"),
    "spoils shared prototypes by a key": ('exports.add = () => JSON.parse(\'{"__proto__": {"x": 1}}\');', "WA"),
    "looks for the tests": (
        "const fs = require('fs');\nexports.add = () => fs.readdirSync('.').some((name) => name.includes('test')) ? 5 : 0;",
        "WA",
    ),
}


@pytest.mark.parametrize(("solution", "verdicts"), FORGED.values(), ids=FORGED.keys())
async def test_no_verdict_is_forged(run: Run, solution: str, verdicts: str) -> None:
    limits = GradingLimits(cpu_seconds=1.0, wall_seconds=2.0, memory_bytes=256 << 20)
    grade = await run(solution, ADD, limits=limits)
    assert grade.verdict in verdicts.split(), grade
    following = await run(RIGHT, ADD)
    assert following.verdict == "AC", following


async def test_ending_is_no_way_to_throw(run: Run) -> None:
    tests = HEAD + 'test("adds", () => assert.throws(() => s.add()));'
    assert (await run("exports.add = () => process.exit(1);", tests)).verdict == "RE"
    assert (await run("exports.add = () => { throw 1; };", tests)).verdict == "AC"
