"""What crosses between tests and the learner's code: objects that lie, values without end, frames that nobody asked for."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_db.enums import GradingMode
from fixtures.programs import require

pytestmark = pytest.mark.sandbox

Run = Callable[..., Awaitable[Grade]]
LIMITS = GradingLimits(cpu_seconds=2.0, wall_seconds=3.0, memory_bytes=256 << 20)
NODE_HEAD = 'const test = require("node:test"), assert = require("node:assert"), solution = require("./solution.js");\n'
FILES = {
    "python": ("solution.py", "test_solution.py", "import pytest, solution\n"),
    "javascript": ("solution.js", "solution.test.js", NODE_HEAD),
    "java": ("Calc.java", "CalcTest.java", ""),
}


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade a solution by tests; those whose name begins with `hidden` are."""

    async def grade(language: str, solution: str, tests: str, *names: str, **options: Any) -> Grade:
        require(grader, language)
        entry, test_file, head = FILES[language]
        spec = GradingSpec(
            language=language,
            mode=GradingMode.UNIT_TESTS,
            entry=entry,
            unit_tests={test_file: head + tests},
            tests=tuple(TestSpec(name=name, visible=not name.startswith("hidden")) for name in names),
            limits=options.pop("limits", LIMITS),
        )
        return await grader.grade(spec, {entry: solution})

    return grade


MOCKED = """
from unittest.mock import Mock
def test_sent():
    bus = Mock()
    solution.run(bus, 7)
    bus.send.assert_called_once_with(14)
    assert bus.send.call_count == 1
"""
MOCKS = {
    "replaces the assertion": "bus.send.configure_mock(assert_called_once_with=print, call_count=1)",
    "replaces it from above": "bus.configure_mock(**{'send.assert_called_once_with': print, 'send.call_count': 1})",
    "attaches another": "bus.attach_mock(bus.send, 'assert_called_once_with')",
    "asks what was expected": "bus.send.assert_called_once_with(1)",
    "forgets": "bus.send(1); bus.send.reset_mock()",
}


@pytest.mark.parametrize("body", MOCKS.values(), ids=MOCKS.keys())
async def test_no_mock_is_changed_from_the_other_side(run: Run, body: str) -> None:
    grade = await run("python", f"def run(bus, n): {body}", MOCKED, "test_sent")
    assert grade.verdict in {"WA", "RE"}, grade
    grade = await run("python", "def run(bus, n): bus.send(2 * n)", MOCKED, "test_sent")
    assert grade.verdict == "AC", grade


RAW = """
import json, os, struct
def raw(*frames):
    for frame in frames:
        body = json.dumps(frame).encode()
        os.write(3, struct.pack(">I", len(body)) + body)
def error(kind, arguments=("l", [])):
    return {"number": 1, "type": ["n", kind], "arguments": arguments, "text": "", "trace": []}
"""
FRAMES = {
    "answers ahead of questions": "raw(*[['=', [5, {}], '', '']] * 50)",
    "another number's answer": "raw(['=', [['u', 99], {}], '', ''])",
    "a change of what was not given": "raw(['=', [5, {'7': ['l', []]}], '', ''])",
    "a class that is none": "raw(['=', [['m', {'number': 1, 'kind': 'class', 'name': 'a\\0b'}], {}], '', ''])",
    "an object that is its own plain value": "raw(['=', [['m', {'number': 1, 'kind': 'object', 'plain': ['m', {'number': 1, 'kind': 'object'}]}], {}], '', ''])",
    "a group that would end the run": "raw(['!', error('BaseExceptionGroup', ['l', ['x', ['l', [['m', {'number': 2, 'kind': 'exception', 'raised': error('KeyboardInterrupt')}]]]]]), '', ''])",
    "an interrupt": "raw(['!', error('KeyboardInterrupt'), '', ''])",
    "an end": "raw(['!', error('SystemExit'), '', ''])",
    "a question without end": "[raw(['?', 'input', '', '', 'x']) for _ in iter(int, 1)]",
}


@pytest.mark.parametrize("body", FRAMES.values(), ids=FRAMES.keys())
async def test_no_frame_is_worth_a_test(run: Run, body: str) -> None:
    solution = f"{RAW}\ndef f(x):\n    {body}\n    return 0\n"
    grade = await run("python", solution, "def test_f(): assert solution.f(2) == 5 and solution.f(3) == 6\n", "test_f")
    assert grade.verdict in {"WA", "RE", "TLE"}, grade
    assert grade.fault is None, grade


COLLECTING = {
    "ends": "raise SystemExit",
    "ends by another word": "raise type('Leave', (SystemExit,), {})",
    "raises": "raise ValueError('no')",
    "interrupts": "raise KeyboardInterrupt",
}


@pytest.mark.parametrize("body", COLLECTING.values(), ids=COLLECTING.keys())
async def test_what_is_raised_before_any_test_is_not_the_authors_fault(run: Run, body: str) -> None:
    tests = (
        "@pytest.mark.parametrize('x', solution.cases())\ndef test_a(x): assert x\ndef test_b(): assert solution.f()\n"
    )
    grade = await run("python", f"def cases(): {body}\ndef f(): return 0", tests, "test_a", "test_b")
    assert (grade.verdict, grade.fault) == ("RE", None), grade


async def test_a_function_that_is_missing_is_not_the_authors_fault(run: Run) -> None:
    grade = await run("python", "x = 1", "from solution import add\ndef test_a(): assert add(1, 2) == 3\n", "test_a")
    assert (grade.verdict, grade.fault) == ("RE", None), grade
    assert "'add'" in (grade.outcomes[0].message or "")


async def test_values_without_end_cost_each_test_only_its_own_time(run: Run) -> None:
    names = [f"test_{number}" for number in range(3)]
    tests = "".join(f"def {name}(): assert sum(solution.f()) == 3\n" for name in names)
    limits = GradingLimits(cpu_seconds=0.5, wall_seconds=0.5)
    grade = await run("python", "def f(): return range(2**62)", tests, *names, limits=limits)
    assert [outcome.verdict for outcome in grade.outcomes] == ["RE"] * 3, grade
    grade = await run("python", "def f(): return range(3)", tests, *names, limits=limits)
    assert grade.verdict == "AC", grade


SPEAK = """const spell = JSON.stringify; let said = null;
JSON.stringify = (frame, ...rest) => {
  if (said === null || !Array.isArray(frame) || frame[0] !== "=") return spell(frame, ...rest);
  const now = said; said = null; return now;
};
"""
SPOKEN = {
    "a change of all arrays": '["=", [0, {"__proto__": ["l", ["spoilt", 1, 2]]}], "", ""]',
    "a change of a function": '["=", [0, {"constructor": ["d", []]}], "", ""]',
    "a prototype as key": '["=", [["d", [["__proto__", ["d", [["spoilt", 1]]]]]], {}], "", ""]',
    "an error of the framework": '["!", {"number": null, "name": "x", "base": "AggregateError", "text": "", "place": null, "own": [["code", "ERR_TEST_FAILURE"], ["cause", null]]}]',
}


@pytest.mark.parametrize("frame", SPOKEN.values(), ids=SPOKEN.keys())
async def test_no_frame_spoils_the_tests_own_objects(run: Run, frame: str) -> None:
    tests = (
        'test("first", () => assert.strictEqual(solution.f([1]), 5));\n'
        'test("spoilt", () => assert.ok([][0] === undefined && {}.spoilt === undefined && "".constructor === String));\n'
    )
    grade = await run("javascript", f"{SPEAK}exports.f = () => {{ said = '{frame}'; }};", tests, "first", "spoilt")
    assert [outcome.verdict for outcome in grade.outcomes][1] == "AC", grade
    assert grade.outcomes[0].verdict in {"WA", "RE"}, grade


LIARS = {
    "a proxy with the right keys": (
        "new Proxy({}, { ownKeys: () => ['a', 'b'], get: () => 1, getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) })",
        "assert.deepStrictEqual(solution.f(), { a: 1, b: 2 })",
    ),
    "another value each time": (
        "({ n: 0, valueOf() { return this.n++; } })",
        "for (const n of [4, 2]) assert.equal(solution.f(), n)",
    ),
    "a promise of its own": ("({ then: (done) => done(5) })", "assert.strictEqual(await solution.f(), 6)"),
    "a promise that is never kept": ("({ then: () => {} })", "await solution.f()"),
    "nothing thrown": ("(() => { throw undefined; })()", "solution.f()"),
}


@pytest.mark.parametrize(("value", "check"), LIARS.values(), ids=LIARS.keys())
async def test_no_object_is_as_good_as_a_value(run: Run, value: str, check: str) -> None:
    grade = await run("javascript", f"exports.f = () => {value};", f'test("lies", async () => {{ {check}; }});', "lies")
    assert grade.verdict in {"WA", "RE"}, grade


async def test_all_tests_of_a_name_must_pass(run: Run) -> None:
    tests = 'for (const n of [5, 6]) test("same", () => assert.strictEqual(solution.f(), n));\n'
    assert (await run("javascript", "exports.f = () => 5;", tests, "same")).verdict == "WA"
    leaves = "let n = 5; exports.f = () => { if (n === 6) process.exit(0); return n++; };"
    assert (await run("javascript", leaves, tests, "same")).verdict == "RE"
    assert (await run("javascript", "let n = 5; exports.f = () => n++;", tests, "same")).verdict == "AC"


async def test_names_listed_twice_by_the_learner(run: Run) -> None:
    lies = "Object.keys = () => ['add', 'add', 'class']; exports.add = () => 0;"
    grade = await run("javascript", lies, 'test("adds", () => assert.strictEqual(solution.add(2, 3), 5));', "adds")
    assert (grade.verdict, grade.fault) == ("WA", None), grade


JAVA_TESTS = """
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
class CalcTest {
  @Test void hiddenOne() { assertEquals(5, Calc.add(1234, 3)); }
  @Test void shown() { assertEquals(5, Calc.add(2, 3)); }
}
"""


async def test_nothing_of_hidden_tests_is_shown_by_later_ones(run: Run) -> None:
    tests = (
        'test("hidden", () => assert.strictEqual(solution.add(1234, 3), 5));\n'
        'test("shown", () => assert.strictEqual(solution.add(2, 3), 5));\n'
    )
    keeps = "const kept = []; exports.add = (a) => { kept.push(a); console.log(kept); return 5; };"
    grade = await run("javascript", keeps, tests, "shown", "hidden")
    assert grade.verdict == "AC", grade
    assert "1234" not in "".join(outcome.stdout for outcome in grade.outcomes)
    keeps = (
        'public class Calc { static String kept = ""; public static int add(int a, int b) '
        '{ kept += " " + a; System.out.println(kept); return 5; } }'
    )
    roomy = GradingLimits(cpu_seconds=5.0, wall_seconds=15.0, memory_bytes=256 << 20)
    grade = await run("java", keeps, JAVA_TESTS, "shown", "hiddenOne", limits=roomy)
    assert grade.verdict == "AC", grade
    assert "1234" not in "".join(outcome.stdout for outcome in grade.outcomes)


async def test_an_error_for_which_junit_gives_up_is_not_the_authors_fault(run: Run) -> None:
    throws = "public class Calc { public static int add(int a, int b) { throw new OutOfMemoryError(); } }"
    roomy = GradingLimits(cpu_seconds=5.0, wall_seconds=15.0, memory_bytes=256 << 20)
    grade = await run("java", throws, JAVA_TESTS, "shown", limits=roomy)
    assert (grade.verdict, grade.fault) == ("RE", None), grade
