"""Sample content, ordinary and extreme, in the shapes that the components document."""

from typing import Any, Final

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from codezest.web.comparison import compare_output

PROGRAM: Final = '''\
"""Read two numbers and an operator, print the result."""
import sys

OPERATORS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b}


class Calculator:
    def apply(self, left: float, sign: str, right: float) -> float:
        # An unknown sign is the caller's mistake.
        if sign not in OPERATORS:
            raise ValueError(f"unknown sign {sign!r}")
        return OPERATORS[sign](left, right)


for line in sys.stdin:
    left, sign, right = line.split()
    print(Calculator().apply(float(left), sign, float(right)) or None, True, 0x1F)
'''

LONG_WORD: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def highlighted(code: str) -> Markup:
    """Python as Pygments marks it up, without a wrapper."""
    return Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - Pygments escapes


def _test(index: int, name: str, verdict: str | None, *, visible: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "index": index,
        "name": name,
        "visible": visible,
        "verdict": verdict,
        "points": 2 if verdict == "AC" else 0,
        "max_points": 2,
        "time_ms": 11 + index,
        "memory_kb": 9216,
    } | more


def _wrong(index: int, name: str, stdin: str, expected: str, actual: str) -> dict[str, Any]:
    outputs = {"stdin": stdin, "expected": expected, "stdout": actual, "comparison": compare_output(expected, actual)}
    return _test(index, name, "WA") | outputs


def _submission(status: str, verdict: str | None, tests: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": "0190f1",
        "purpose": "SUBMIT",
        "status": status,
        "verdict": verdict,
        "score": sum(test["points"] for test in tests),
        "max_score": sum(test["max_points"] for test in tests),
        "feedback": None,
        "compile_output": None,
        "tests": tests,
    } | more


def submissions() -> dict[str, Any]:
    traceback = 'Traceback (most recent call last):\n  File "main.py", line 4, in <module>\nZeroDivisionError: division by zero\n'
    mixed = [
        _test(0, "Adds two numbers", "AC", stdin="1 + 2\n", expected="3\n", stdout="3\n"),
        _wrong(1, "Subtracts", "7 - 9\n1 - 1\n", "-2\n0\n", "2\n0 \nextra\n"),
        _test(
            2,
            "Divides by zero",
            "RE",
            stdin="1 / 0\n",
            stdout="",
            stderr=traceback,
            message="The program stopped with an error in line 4.",
        ),
        _test(3, "A hundred thousand lines", "TLE", visible=False),
        _test(4, "Very large numbers", "AC", visible=False),
        _test(5, "A huge list", "MLE", visible=False),
        _test(6, "Prints forever", "OLE", visible=False),
        _test(7, "Grader trouble", "IE", visible=False),
    ]
    passed = [
        _test(n, name, "AC", visible=n < 2, stdout="3\n")
        for n, name in enumerate(["Adds", "Subtracts", "Zero", "Large"])
    ]
    waiting = [_test(n, f"Test {n + 1}", "AC" if n < 3 else None, visible=n < 6, stdout="3\n") for n in range(10)]
    error = "  File \"main.py\", line 3\n    if x == 3\n             ^\nSyntaxError: expected ':'\n"
    output = "Hello, Ada\n" * 3
    return {
        "mixed": _submission(
            "FAILED", "WA", mixed, feedback="Look at the sign of the result when the second number is larger."
        ),
        "passed": _submission("PASSED", "AC", passed),
        "ran": _submission("PASSED", "AC", passed[:2], purpose="RUN"),
        "waiting": _submission("RUNNING", None, waiting),
        "syntax": _submission("FAILED", "CE", [], compile_output=error),
        "broken": _submission("ERROR", "IE", []),
        "played": _submission("PASSED", "AC", [_test(0, "run", "AC", stdout=output)], purpose="PLAYGROUND"),
        "crashed": _submission(
            "FAILED", "RE", [_test(0, "run", "RE", stdout="", stderr=traceback)], purpose="PLAYGROUND"
        ),
        "many": _submission(
            "FAILED", "WA", [_test(n, f"Case {n + 1}", "AC" if n % 7 else "WA", visible=False) for n in range(200)]
        ),
        "long": _submission(
            "FAILED", "WA", [_wrong(0, LONG_WORD, "x" * 300, "y" * 300 + "\n", "y" * 150 + "z" * 150 + "\n")]
        ),
    }


def steps() -> list[dict[str, Any]]:
    return [
        {
            "state": "done",
            "title": "Python basics",
            "href": "#",
            "description": "Values, names and the first programs.",
            "meta": [("clock", "2 h 30 min"), ("book", "12 steps")],
        },
        {
            "state": "in-progress",
            "title": "Control flow",
            "href": "#",
            "description": "Let a program decide and repeat.",
            "outcomes": ["choose between branches with if, elif and else", "repeat work with for and while"],
            "meta": [("clock", "3 h"), ("book", "14 steps"), ("keyboard", "4 exercises")],
            "percent": 45,
            "is_next": True,
        },
        {
            "state": "open",
            "title": "Functions",
            "href": "#",
            "description": "Give a piece of work a name.",
            "meta": [("clock", "2 h")],
        },
        {
            "state": "locked",
            "title": f"Data structures {LONG_WORD}",
            "href": "#",
            "locked_reason": "Opens when you have finished Functions.",
        },
    ]


def entries() -> list[dict[str, Any]]:
    return [
        {"key": 1, "icon": "video", "title": "What a program is", "href": "#", "state": "done", "note": "Video, 4 min"},
        {
            "key": 2,
            "icon": "book",
            "title": "Variables and names",
            "href": "#",
            "state": "in-progress",
            "note": "Article, 8 min",
        },
        {
            "key": 3,
            "icon": "code",
            "title": "Reading input",
            "href": "#",
            "state": "open",
            "note": "Example, 5 min",
        },
        {
            "key": 4,
            "icon": "keyboard",
            "title": "A small calculator",
            "href": "#",
            "state": "open",
            "note": "Exercise, 20 points",
        },
        {
            "key": 5,
            "icon": "help",
            "title": "Ten questions on the basics",
            "href": None,
            "state": "locked",
            "note": "Quiz, 10 min",
        },
    ]


ARTICLE: Final = Markup(
    "<p>A <em>name</em> is bound to a value with <code>=</code>. Read <code>price = 3</code> as “price is now 3”. "
    "Names are <a href='#'>case-sensitive</a>.</p>"
    "<h2>Binding again</h2><p>The same name may be bound to another value later:</p>"
    "<div class='highlight'><pre><code>{code}</code></pre></div>"
    "<blockquote><p>Choose names that say what the value means, not what it is.</p></blockquote>"
    "<h3>Kinds of values</h3><ul><li>whole numbers: <code>int</code></li><li>text: <code>str</code></li></ul>"
    "<ol><li>Write it.</li><li>Run it.</li><li>Change it.</li></ol>"
    "<table><thead><tr><th>Value</th><th>Type</th><th>Note</th></tr></thead>"
    "<tbody><tr><td><code>3</code></td><td>int</td><td>no fraction</td></tr><tr><td><code>3.0</code></td><td>float</td><td>with one</td></tr></tbody></table>"
).format(code=highlighted("price = 3\nprice = price * 1.19  # with tax\nprint(f'{price:.2f}')\n"))
