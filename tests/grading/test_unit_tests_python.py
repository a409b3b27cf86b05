"""Unit tests in Python: honest solutions pass, wrong ones fail with the reason, and nobody forges a verdict."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_db.enums import GradingMode

pytestmark = pytest.mark.sandbox

Run = Callable[..., Awaitable[Grade]]

LIMITS = GradingLimits(cpu_seconds=2.0, wall_seconds=5.0)


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade a solution by the functions of one file of tests, or by those that are named."""

    async def grade(solution: str, tests: str, *names: str, limits: GradingLimits = LIMITS, **options: Any) -> Grade:
        visible = options.pop("visible", True)
        found = names or tuple(
            line.strip().removeprefix("def ").partition("(")[0]
            for line in tests.splitlines()
            if line.strip().startswith("def test")
        )
        spec = GradingSpec(
            language="python",
            mode=GradingMode.UNIT_TESTS,
            entry="solution.py",
            unit_tests={"test_solution.py": tests},
            tests=tuple(TestSpec(name=name, visible=visible) for name in found),
            limits=limits,
            **options,
        )
        return await grader.grade(spec, {"solution.py": solution})

    return grade


ADD = "from solution import add\ndef test_add(): assert add(2, 3) == 5\n"

HONEST = {
    "values": (
        "def same(x): return x\n",
        """
import datetime, decimal, fractions, pytest, solution
VALUES = [None, True, 0, -7, 2**100, 1.5, float("inf"), "é\\0", b"\\0", 1j, [1, [2]], (1, (2,)), {"a": [1]}, {1: {2}},
    {1, 2}, frozenset({3}), range(1, 9, 2), slice(1, None), bytearray(b"x"), int, ValueError, ..., NotImplemented,
    datetime.date(2024, 2, 29), datetime.timedelta(1, 2, 3), decimal.Decimal("1.10"), fractions.Fraction(1, 3), ()]
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_same(value):
    back = solution.same(value)
    assert type(back) is type(value)
    assert back == value
def test_not_a_number(): assert solution.same(float("nan")) != 0
""",
    ),
    "arguments that are changed": (
        "def sort(x): x.sort()\ndef put(d): d['a'] = {1}\ndef clear(s): s.clear()\n",
        """
import solution
def test_changed():
    x, d, s = [3, 1, 2], {}, {1}
    solution.sort(x); solution.put(d); solution.clear(s)
    assert (x, d, s) == ([1, 2, 3], {"a": {1}}, set())
""",
    ),
    "objects": (
        """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int = 0
    def __add__(self, other): return Point(self.x + other.x, self.y + other.y)
    def __len__(self): return 2
    def __iter__(self): return iter((self.x, self.y))
    def __getitem__(self, place): return (self.x, self.y)[place]
    def __lt__(self, other): return self.x < other.x
    @property
    def norm(self): return self.x ** 2 + self.y ** 2
    @classmethod
    def origin(cls): return cls(0)
class Three(Point): pass
""",
        """
import pytest
from solution import Point, Three
def test_objects():
    point = Point(1, y=2)
    assert (point.x, point.norm, len(point), list(point), point[1]) == (1, 5, 2, [1, 2], 2)
    assert point == Point(1, 2) and point != Point(2, 1) and point < Point(3) and point + point == Point(2, 4)
    point.x = 7
    assert point.x == 7 and repr(point) == "Point(x=7, y=2)" and bool(point)
    assert isinstance(point, Point) and not isinstance(point, Three) and issubclass(Three, Point)
    assert Point.origin().x == 0 and hasattr(point, "y") and not hasattr(point, "z")
    with pytest.raises(AttributeError): point.z
    with pytest.raises(TypeError): Point()
""",
    ),
    "classes that extend builtin ones": (
        """
import collections, enum
class Colour(enum.IntEnum):
    RED = 1
Pair = collections.namedtuple("Pair", "a b")
def count(x): return collections.Counter(x)
""",
        """
from solution import Colour, Pair, count
def test_extended():
    assert Colour.RED == 1 and Colour.RED.name == "RED" and Colour.RED < 2 and [colour.name for colour in Colour] == ["RED"]
    assert Pair(1, 2) == (1, 2) and Pair(1, 2).b == 2 and isinstance(Pair(1, 2), tuple)
    assert count("abca") == {"a": 2, "b": 1, "c": 1}
""",
    ),
    "exceptions": (
        """
class MyError(ValueError):
    def __init__(self, code):
        super().__init__(f"bad {code}")
        self.code = code
class Other(MyError): pass
def fail(code): raise MyError(code)
def other(): raise Other(1)
def key(): return {}["k"]
def leave(): raise SystemExit(3)
""",
        """
import pytest, solution
def test_exceptions():
    with pytest.raises(solution.MyError, match="bad 7") as caught: solution.fail(7)
    assert caught.value.code == 7
    with pytest.raises(ValueError): solution.fail(7)
    with pytest.raises(solution.MyError): solution.other()
    with pytest.raises(KeyError) as caught: solution.key()
    assert caught.value.args == ("k",)
    with pytest.raises(SystemExit): solution.leave()
    try: solution.fail(1)
    except solution.Other: assert False
    except ValueError as error: assert str(error) == "bad 1"
""",
    ),
    "functions of the tests": (
        """
def apply(function, value): return function(value)
def each(items): return [item + 1 for item in items]
def twice(function): return function(lambda value: value * 2)
def catch(function):
    try: function()
    except ZeroDivisionError as error: return str(error)
class Shop:
    def __init__(self, clock): self.clock = clock
    def time(self): return self.clock.now()
""",
        """
import solution
from unittest.mock import Mock, patch
class Clock:
    def now(self): return 12
def test_call_backs():
    assert solution.apply(lambda value: value * 2, 4) == 8 and solution.apply(len, [1]) == 1
    assert solution.each(number for number in (1, 2)) == [2, 3]
    assert solution.twice(lambda function: function(5)) == 10
    assert solution.catch(lambda: 1 / 0) == "division by zero"
    assert solution.Shop(Clock()).time() == 12
def test_mocks():
    called = Mock(return_value=3)
    assert solution.apply(called, 9) == 3
    called.assert_called_once_with(9)
    with patch("solution.apply", lambda function, value: "patched"): assert solution.apply(1, 2) == "patched"
    assert solution.apply(len, "ab") == 2
""",
    ),
    "generators, managers and coroutines": (
        """
import contextlib
def count(n):
    for number in range(n): yield number
def forever():
    while True: yield 1
@contextlib.contextmanager
def opened():
    yield [1]
async def later(x): return x
""",
        """
import asyncio, itertools, solution
def test_lazy():
    assert list(solution.count(3)) == [0, 1, 2] and next(solution.forever()) == 1
    assert list(itertools.islice(solution.forever(), 3)) == [1, 1, 1] and [n for n in solution.count(2)] == [0, 1]
    with solution.opened() as items: assert items == [1]
    assert asyncio.run(solution.later(4)) == 4
""",
    ),
    "printing and reading": (
        "import sys\ndef hello(): print('hello'); print('oops', file=sys.stderr)\ndef ask(): return int(input('? ')) + int(input())\n",
        """
import io, solution
def test_printed(capsys):
    solution.hello()
    assert capsys.readouterr() == ("hello\\n", "oops\\n")
def test_read(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("3\\n4\\n"))
    assert solution.ask() == 7 and capsys.readouterr().out == "? "
def test_read_by_a_function(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt="": "5")
    assert solution.ask() == 10
""",
    ),
    "unittest": (
        "def add(a, b): return a + b\n",
        """
import unittest, solution
class TestAdd(unittest.TestCase):
    def setUp(self): self.two = 2
    def test_two(self): self.assertEqual(solution.add(self.two, 2), 4)
    def test_text(self):
        with self.assertRaises(TypeError): solution.add(1, "a")
""",
    ),
}


@pytest.mark.parametrize(("solution", "tests"), HONEST.values(), ids=HONEST.keys())
async def test_an_honest_solution_passes(run: Run, solution: str, tests: str) -> None:
    grade = await run(solution, tests)
    assert grade.verdict == "AC", grade


async def test_every_test_has_its_outcome_and_its_reason(run: Run) -> None:
    tests = """
import solution
def test_right(): assert solution.add(0, 0) == 0
def test_wrong(): assert solution.add(2, 3) == 5, "two and three"
def test_raised(): solution.fail()
def test_after(): assert solution.add(1, 0) == 0
"""
    grade = await run("def add(a, b):\n    return a * b\ndef fail():\n    return [][1]\n", tests)
    right, wrong, raised, after = grade.outcomes
    assert (right.verdict, wrong.verdict, raised.verdict, after.verdict) == ("AC", "WA", "RE", "AC")
    assert "two and three" in (wrong.message or "")
    assert "assert 6 == 5" in (wrong.message or "")
    assert raised.message == "IndexError: list index out of range (solution.py, line 4)"
    assert grade.score == 50


async def test_hidden_tests_show_nothing(run: Run) -> None:
    solution = "def add(a, b):\n    print(a, b)\n    raise ValueError(f'{a} {b}')\n"
    outcome = (await run(solution, ADD, visible=False)).outcomes[0]
    assert outcome.verdict == "RE"
    assert outcome.message == "Your program failed in this test."
    assert outcome.stdout == outcome.stderr == ""


async def test_parametrised_tests_are_one_or_each_its_own(run: Run) -> None:
    tests = "import pytest, solution\n@pytest.mark.parametrize('n', [1, 2])\ndef test_n(n): assert solution.f(n) == n\n"
    assert (await run("def f(n): return 1", tests, "test_n")).verdict == "WA"
    grade = await run("def f(n): return 1", tests, "test_n[1]", "test_n[2]")
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "WA"]


async def test_a_broken_module_fails_every_test(run: Run) -> None:
    grade = await run("1 / 0", "from solution import add\ndef test_a(): add()\ndef test_b(): add()\n")
    assert [outcome.verdict for outcome in grade.outcomes] == ["RE", "RE"]
    assert "ZeroDivisionError: division by zero (solution.py, line 1)" in (grade.outcomes[0].message or "")


async def test_what_cannot_be_compiled_is_a_compile_error(run: Run) -> None:
    assert (await run("def f(:", ADD)).verdict == "CE"


async def test_a_missing_test_is_the_authors_fault(run: Run) -> None:
    grade = await run("def add(a, b): return a + b", ADD, "test_add", "test_missing")
    assert grade.verdict == "IE"
    assert "test_missing" in (grade.fault or "")


async def test_tests_after_a_crash_are_run(run: Run) -> None:
    tests = "import solution\ndef test_a(): solution.f(1)\ndef test_b(): solution.f(0)\ndef test_c(): solution.f(2)\n"
    grade = await run("import os\ndef f(n):\n    if n: os._exit(n)\n", tests)
    assert [outcome.verdict for outcome in grade.outcomes] == ["RE", "AC", "RE"]


async def test_strict_gives_every_test_processes_of_its_own(run: Run) -> None:
    tests = "import solution\ndef test_a(): assert solution.n() == 1\ndef test_b(): assert solution.n() == 1\n"
    solution = "import itertools\ncounter = itertools.count(1)\ndef n(): return next(counter)\n"
    assert (await run(solution, tests)).verdict == "WA"
    assert (await run(solution, tests, strict=True)).verdict == "AC"


async def test_several_files(run: Run, grader: Grader) -> None:
    spec = GradingSpec(
        language="python",
        mode=GradingMode.UNIT_TESTS,
        entry="main.py",
        unit_tests={
            "test_all.py": "import main\nfrom shapes.square import area\nimport shared\ndef test_all(): assert (main.x, area(3), shared.one) == (9, 9, 1)\n",
            "shared.py": "one = 1\n",
        },
        tests=(TestSpec(name="test_all"),),
    )
    sources = {
        "main.py": "from shapes.square import area\nx = area(3)\n",
        "shapes/__init__.py": "",
        "shapes/square.py": "def area(n): return n * n\n",
    }
    grade = await grader.grade(spec, sources)
    assert grade.verdict == "AC", grade


# Each solution gets `test_add` wrong if it does not cheat.
FORGED = {
    "leaves with success": ("import sys\ndef add(a, b): sys.exit(0)", "RE"),
    "leaves at import": ("import sys\nsys.exit(0)", "RE"),
    "ends at once": ("import os\ndef add(a, b): os._exit(0)", "RE"),
    "ends at import": ("import os\nos._exit(0)", "RE"),
    "is killed": ("import os\ndef add(a, b): os.kill(os.getpid(), 9)", "RE"),
    "spoils unittest": (
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\nunittest.TestResult.wasSuccessful = lambda s: True\ndef add(a, b): return 0",
        "WA",
    ),
    "spoils pytest": (
        "import sys, types\nsys.modules['pytest'] = types.ModuleType('pytest')\nimport builtins\nbuiltins.AssertionError = type('E', (BaseException,), {})\ndef add(a, b): return 0",
        "WA",
    ),
    "prints a report": (
        'import os\nline = \'{"test": "test_add", "outcome": "passed", "seconds": 0, "printed": ""}\\n\'\nprint(line)\nfor n in (1, 2): os.write(n, line.encode())\ndef add(a, b): print(line); return 0',
        "WA",
    ),
    "writes reports everywhere": (
        'import os\nline = b\'{"test": "test_add", "outcome": "passed"}\\n\'\ndef add(a, b):\n    for n in range(64):\n        try: os.write(n, line)\n        except OSError: pass\n    return 0',
        "RE",
    ),
    "answers before it is asked": (
        'import os, struct\ndef add(a, b):\n    body = b\'["=",[5,{}],"",""]\'\n    os.write(3, struct.pack(\'>I\', len(body)) + body)\n    body = b\'["=",null,"",""]\'\n    os.write(3, struct.pack(\'>I\', len(body)) + body)\n    os._exit(0)',
        "AC",  # it has said 5: a value is all it could claim
    ),
    "hangs up": ("import os\ndef add(a, b): os.close(3); return 0", "RE"),
    "equals everything": (
        "class Yes:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    def __bool__(self): return True\ndef add(a, b): return Yes()",
        "WA",
    ),
    "a number that equals everything": (
        "class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef add(a, b): return Yes(0)",
        "WA",
    ),
    "a text that equals everything": (
        "class Yes(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__\ndef add(a, b): return Yes('')",
        "WA",
    ),
    "claims another class": (
        "class Yes:\n    __class__ = int\n    def __eq__(self, other): return True\ndef add(a, b): return Yes()",
        "WA",
    ),
    "a function that equals everything": ("def add(a, b): return add", "WA"),
    "an exception of the framework": (
        "class Skipped(Exception): pass\nimport unittest\ndef add(a, b): raise unittest.SkipTest('no')",
        "RE",
    ),
    "an interrupt": ("def add(a, b): raise KeyboardInterrupt", "RE"),
    "a generator's end": ("def add(a, b): raise GeneratorExit", "RE"),
    "the end of everything": ("def add(a, b): raise BaseException('x')", "RE"),
    "an exception of a class made up": ("def add(a, b): raise type('LinkBroken', (BaseException,), {})('late')", "RE"),
    "a huge reply": ("def add(a, b): return 'x' * 50_000_000", "RE MLE"),
    "a deep reply": ("def add(a, b):\n    x = []\n    for _ in range(100000): x = [x]\n    return x", "RE"),
    "a reply that contains itself": ("def add(a, b):\n    x = []\n    x.append(x)\n    return x", "RE"),
    "endless": ("def add(a, b):\n    while True: pass", "TLE"),
    "asleep": ("import time\ndef add(a, b): time.sleep(1000)", "TLE"),
    "endless at import": ("while True: pass", "TLE"),
    "endless output": ("def add(a, b):\n    while True: print('x' * 1000)", "RE OLE TLE"),
    "all of memory": ("def add(a, b):\n    x = []\n    while True: x.append(bytearray(1 << 20))", "MLE RE"),
    "recursion": ("def add(a, b): return add(a, b)", "RE"),
    "a thread that talks": (
        "import os, threading\ndef talk():\n    while True: os.write(3, b'\\0\\0\\0\\5[null')\nthreading.Thread(target=talk, daemon=True).start()\ndef add(a, b): return 0",
        "RE WA TLE",
    ),
    "a child that stays": (
        "import os, time\ndef add(a, b):\n    if os.fork() == 0: time.sleep(1000)\n    return 0",
        "WA",
    ),
    "looks for the tests": (
        "import gc, glob, sys\ndef add(a, b):\n    assert not glob.glob('/tmp/**/test_*.py', recursive=True)\n    assert 'test_solution' not in sys.modules\n    return 0",
        "WA",
    ),
}


@pytest.mark.parametrize(("solution", "verdicts"), FORGED.values(), ids=FORGED.keys())
async def test_no_verdict_is_forged(run: Run, solution: str, verdicts: str) -> None:
    grade = await run(solution, ADD, limits=GradingLimits(cpu_seconds=1.0, wall_seconds=2.0))
    assert grade.verdict in verdicts.split(), grade
    following = await run("def add(a, b): return a + b", ADD)
    assert following.verdict == "AC", following


REACHING_BACK = {
    "attributes of a function": "def f(g): return g.__globals__",
    "a private attribute of an object": "def f(g): return g._secret",
    "a frame of a generator": "def f(g): return g.gi_frame.f_globals",
    "another number": "import codezest.grading.harness.python.agent as agent\ndef f(g):\n    a, n = object.__getattribute__(g, '_far')\n    return a.ask('call', 99, ['l', []], ['d', []])",
    "an action that is none": "def f(g):\n    a, n = object.__getattribute__(g, '_far')\n    return a.ask('ask', n)",
}


@pytest.mark.parametrize("solution", REACHING_BACK.values(), ids=REACHING_BACK.keys())
async def test_nothing_of_the_tests_can_be_reached(run: Run, solution: str) -> None:
    tests = """
import solution
class Thing:
    _secret = 1
def numbers(): yield 1
def test_function():
    try: solution.f(len.__self__.abs if False else lambda: 1)
    except Exception: return
    assert False
def test_object():
    try: solution.f(Thing())
    except Exception: return
    assert False
def test_generator():
    try: solution.f(numbers())
    except Exception: return
    assert False
"""
    grade = await run(solution, tests)
    assert grade.verdict == "AC", grade


COMPARED = {
    "subtraction": "assert abs(solution.f() - 5) < 1e-9",
    "order": "assert 4 < solution.f() < 6",
    "almost": "import unittest; unittest.TestCase().assertAlmostEqual(solution.f(), 5)",
    "approximately": "import pytest; assert solution.f() == pytest.approx(5)",
    "within a list": "assert [solution.f()] == [5]",
    "in": "assert solution.f() in (5, 6)",
    "not different": "assert not solution.f() != 5",
}


@pytest.mark.parametrize("check", COMPARED.values(), ids=COMPARED.keys())
async def test_no_object_is_as_good_as_a_number(run: Run, check: str) -> None:
    liar = """
class Liar:
    def __getattribute__(self, name): return object.__getattribute__(self, name)
    def __sub__(self, other): return 0
    __rsub__ = __sub__
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __ne__(self, other): return False
def f(): return Liar()
"""
    assert (await run(liar, f"import solution\ndef test_f():\n    {check}\n")).verdict == "WA"
    assert (await run("def f(): return 5", f"import solution\ndef test_f():\n    {check}\n")).verdict == "AC"


async def test_calls_back_and_forth_have_a_bottom(run: Run) -> None:
    tests = "import solution\ndef back(n): return solution.forth(back, n)\ndef test_f(): assert back(1) == 1\n"
    assert (await run("def forth(back, n): return back(n)", tests)).verdict in {"WA", "RE"}
