"""Functions that are called without boilerplate, and values that are compared outside."""

import json
from typing import Any

import pytest

from codezest.grading import AuthorProgram, GradingLimits, TestSpec
from codezest.grading.checkers.returned import compare_returned
from codezest_db.enums import CheckerKind, GradingMode, Verdict
from fixtures.graders import GradeIt

EXACT, FLOAT, TOKENS, UNORDERED = (
    CheckerKind.EXACT,
    CheckerKind.FLOAT,
    CheckerKind.TOKENS,
    CheckerKind.UNORDERED_LINES,
)


LIMITS = GradingLimits(cpu_seconds=0.5, wall_seconds=5.0)


async def call(grade_by: GradeIt, source: str, *arguments: Any, expected: str, **options: Any) -> Any:
    test = TestSpec(name="only", arguments=arguments, expected=expected, **options)
    return (await grade_by(source, test, mode=GradingMode.FUNCTION, function="f")).outcomes[0]


@pytest.mark.parametrize(
    ("source", "arguments", "expected", "verdict"),
    [
        ("def f(a, b):\n  return a + b", (1, 2), "3", Verdict.AC),
        ("def f(a, b):\n  return a - b", (1, 2), "3", Verdict.WA),
        ("def f(a):\n  print('noise')\n  return a[::-1]", ([1, 2],), "[2, 1]", Verdict.AC),
        ("def f():\n  return {'a': (1, None, True)}", (), '{"a": [1, null, true]}', Verdict.AC),
        ("def f():\n  return 'é\\ud800'", (), '"x"', Verdict.WA),
        ("def f():\n  return f", (), "1", Verdict.RE),
        ("def g():\n  return 1", (), "1", Verdict.RE),
        ("f = 5", (), "1", Verdict.RE),
        ("def f():\n  1/0", (), "1", Verdict.RE),
        ("def f():\n  while True: pass", (), "1", Verdict.TLE),
        ("def f(:", (), "1", Verdict.CE),
        ("import os\ndef f():\n  os._exit(0)", (), "1", Verdict.WA),
        ("import os\ndef f():\n  os.write(3, b'1')\n  os._exit(0)", (), "2", Verdict.WA),
        ("def f(): return 1\nif __name__ == '__main__': raise SystemExit(4)", (), "1", Verdict.AC),
        ("def f(n): return 10 ** n", (5000,), "1", Verdict.WA),
    ],
    ids=[str(number) for number in range(15)],
)
async def test_calls(
    grade_by: GradeIt, source: str, arguments: tuple[Any, ...], expected: str, verdict: Verdict
) -> None:
    test = TestSpec(name="only", arguments=arguments, expected=expected)
    result = await grade_by(source, test, mode=GradingMode.FUNCTION, function="f", limits=LIMITS)
    assert result.verdict is verdict, result


async def test_what_learners_are_told(grade_by: GradeIt) -> None:
    outcome = await call(grade_by, "def f(a): return [a]", 3, expected="[4]")
    assert outcome.message == "Called with (3), the function returned [3]; expected was [4]."
    assert outcome.stdout == "→ [3]\n"
    hidden = await call(grade_by, "def f(a): return [a]", 3, expected="[4]", visible=False)
    assert hidden.message == "The function did not return what was expected."
    crash = await call(grade_by, "def f(a):\n  return a[9]", [], expected="1")
    assert "IndexError" in crash.message
    assert "(line 2)" in crash.message
    assert "codezest" not in crash.stderr
    missing = await call(grade_by, "def g(a): pass", 1, expected="1")
    assert "defines no function named f" in missing.stderr


async def test_a_checker_may_look_at_what_was_returned(grade_by: GradeIt) -> None:
    checker = AuthorProgram(
        language="python",
        files={"c.py": "import json, sys\nsys.exit(42 + (sorted(json.load(open('output.txt'))) != [1, 2]))"},
    )
    test = TestSpec(name="only", arguments=(), checker=CheckerKind.CUSTOM)
    options = {"mode": GradingMode.FUNCTION, "function": "f", "checker_program": checker}
    assert (await grade_by("def f(): return [2, 1]", test, **options)).verdict is Verdict.AC
    assert (await grade_by("def f(): return [2, 2]", test, **options)).verdict is Verdict.WA


@pytest.mark.parametrize(
    ("expected", "actual", "kind", "same"),
    [
        ("1", b"1.0", EXACT, True),
        ("1", b"true", EXACT, False),
        ("null", b"0", EXACT, False),
        ("NaN", b"NaN", EXACT, True),
        ("0.3", b"0.30000000000000004", EXACT, False),
        ("0.3", b"0.30000000000000004", FLOAT, True),
        ("[[0.3]]", b"[[0.3000001]]", FLOAT, True),
        ("1e308", b"9" * 400, FLOAT, False),
        ('"a  b"', b'"a b"', TOKENS, True),
        ('"a  b"', b'"a b"', EXACT, False),
        ("[1, 2.0]", b"[2, 1]", UNORDERED, True),
        ("[1, 1]", b"[1, 2]", UNORDERED, False),
        ("[1]", b"[" * 100_000, EXACT, False),
        ("1", b"9" * 100_000, EXACT, False),
        ("1", b"\xff", EXACT, False),
        ('{"a": 1}', b'{"a": 1, "b": 2}', EXACT, False),
        ("1", b"", EXACT, False),
    ],
    ids=[str(number) for number in range(17)],
)
def test_comparing(expected: str, actual: bytes, kind: CheckerKind, same: bool) -> None:
    assert compare_returned(expected, actual, kind, {}) is same


SUMS = {
    "cpp": "#include <vector>\nlong f(const std::vector<long>& a, int b) { long s = b; for (long x : a) s += x; return s; }\n",
    "go": "package main\n\nfunc f(a []int, b int) int {\n\tfor _, x := range a {\n\t\tb += x\n\t}\n\treturn b\n}\n",
    "javascript": "function f(a, b) { return a.reduce((sum, x) => sum + x, b) }",
    "typescript": "const f = (a: number[], b: number): number => a.reduce((sum, x) => sum + x, b);",
}
NAMED_OTHERWISE = {language: source.replace(" f", " g", 1).replace("= f", "= g") for language, source in SUMS.items()}


async def call_in(grade: GradeIt, language: str, source: str, *arguments: Any, expected: str) -> Any:
    test = TestSpec(name="only", arguments=arguments, expected=expected)
    return await grade(source, test, language=language, mode=GradingMode.FUNCTION, function="f")


@pytest.mark.parametrize("language", sorted(SUMS))
async def test_functions_of_other_languages(grade_by: GradeIt, language: str) -> None:
    right = await call_in(grade_by, language, SUMS[language], [1, 2], 3, expected="6")
    assert right.verdict is Verdict.AC, right
    wrong = await call_in(grade_by, language, SUMS[language], [1, 2], 3, expected="7")
    assert wrong.verdict is Verdict.WA, wrong
    absent = await call_in(grade_by, language, NAMED_OTHERWISE[language], [1, 2], 3, expected="6")
    assert absent.verdict in {Verdict.CE, Verdict.RE}, absent


@pytest.mark.parametrize(
    ("language", "source", "arguments", "expected"),
    [
        (
            "cpp",
            (
                "#include <map>\n#include <string>\n#include <vector>\n"
                "std::map<std::string, std::vector<bool>> f(std::map<std::string, std::vector<bool>>& m, std::string s)"
                " { m[s] = {true}; return m; }\nint main() { return 1; }\n"
            ),
            ({"a": [False]}, 'é"\\\n😀'),
            {"a": [False], 'é"\\\n😀': [True]},
        ),
        (
            "go",
            (
                'package main\n\nimport "errors"\n\nfunc f(a map[string][]float64) ([]float64, error) {\n'
                '\tif a["x"] == nil {\n\t\treturn nil, errors.New("no x")\n\t}\n\treturn a["x"], nil\n}\n'
            ),
            ({"x": [0.5, 1]},),
            [0.5, 1],
        ),
        (
            "javascript",
            "export async function f(a) { return new Map([[a, new Set([1n, 2.5])]]) }",
            ("k",),
            {"k": [1, 2.5]},
        ),
        ("python", "def f(a):\n    return {1: (a, None)}", ("k",), {"1": ["k", None]}),
    ],
    ids=["cpp", "go", "javascript", "python"],
)
async def test_values_of_every_kind(
    grade_by: GradeIt, language: str, source: str, arguments: tuple[Any, ...], expected: Any
) -> None:
    result = await call_in(grade_by, language, source, *arguments, expected=json.dumps(expected))
    assert result.verdict is Verdict.AC, result


async def test_no_function_is_called_where_none_can_be(grade_by: GradeIt) -> None:
    result = await call_in(grade_by, "bash", "f() { echo 1; }", expected="1")
    assert result.verdict is Verdict.IE
    assert "cannot be called" in result.fault


@pytest.mark.parametrize(
    ("type_name", "argument", "fits"),
    [
        ("int", 2**31 - 1, True),
        ("int", 2**31, False),
        ("int", -(2**31), True),
        ("int", 1.5, False),
        ("int", "1", False),
        ("long long", -(2**63), True),
        ("long long", 2**63, False),
        ("unsigned long", 2**64 - 1, True),
        ("unsigned", -1, False),
        ("bool", 1, False),
        ("double", True, False),
    ],
    ids=[str(number) for number in range(11)],
)
async def test_arguments_of_cpp_fit_their_parameters(
    grade_by: GradeIt, type_name: str, argument: Any, fits: bool
) -> None:
    result = await call_in(
        grade_by, "cpp", f"{type_name} f({type_name} a) {{ return a; }}\n", argument, expected=json.dumps(argument)
    )
    assert result.verdict is (Verdict.AC if fits else Verdict.RE), result
    assert ("does not fit" in result.outcomes[0].stderr) is not fits
