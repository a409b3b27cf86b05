"""Functions in Java: what the signature asks for is read, also where cases share a machine."""

import json
from typing import Any

import pytest

from codezest.grading import Grader, GradingLimits, TestSpec
from codezest.grading.drivers.java import drive_java
from codezest_db.enums import GradingMode, Verdict
from codezest_sandbox.programs.java import SHARED
from fixtures.graders import GradeIt


async def call(grade: GradeIt, source: Any, *arguments: Any, expected: Any, **options: Any) -> Any:
    test = TestSpec(name="only", arguments=arguments, expected=json.dumps(expected))
    return await grade(source, test, language="java", mode=GradingMode.FUNCTION, function="f", **options)


def solution(method: str, imports: str = "import java.util.*;") -> str:
    return f"{imports}\nclass Solution {{\n    {method}\n}}\n"


VALUES: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "smallest": (
        "public static long f(long a, int b) { return a + (b - Integer.MIN_VALUE); }",
        (-(2**63), -(2**31)),
        -(2**63),
    ),
    "largest": ("public static long f(Long a) { return a; }", (2**63 - 1,), 2**63 - 1),
    "double": ("double f(double a, float b) { return a + b; }", (1e300, 3), 1e300),
    "boolean": ("static boolean f(boolean a, Boolean b) { return a && b == null; }", (True, None), True),
    "char": ("static char f(char a) { return (char) (a + 1); }", ("é",), "ê"),
    "text": ("static String f(String a) { return a + a.length(); }", ('é"\\\n\u0001😀',), 'é"\\\n\u0001😀7'),
    "nothing": ("static void f(int... a) { a[0] = 7; }", ([1],), None),
    "array": ("public int[] f(final int values[]) { Arrays.sort(values); return values; }", ([3, -1, 2],), [-1, 2, 3]),
    "rows": (
        "static int[][] f(int[][] a) { if (a.length > 0) a[0] = new int[0]; return a; }",
        ([[1], [2, 3]],),
        [[], [2, 3]],
    ),
    "empty": ("static String[][] f(String[][] a, char[] b) { return a; }", ([], []), []),
    "many": (
        "static long f(long[] a) { long s = 0; for (long one : a) s += one; return s; }",
        ([10**12] * 70_000,),
        7 * 10**16,
    ),
    "lists": (
        "static List<List<Integer>> f(List<List<Integer>> a, Set<String> b) { a.get(0).add(b.size()); return a; }",
        ([[1], []], ["x", "y", "x"]),
        [[1, 2], []],
    ),
    "maps": (
        (
            "static Map<String, List<Double>> f(Map<String, List<Double>> a, java.util.Map<Integer, boolean[]> b)"
            ' { a.put("k", List.of((double) b.get(-3).length)); return a; }'
        ),
        ({"ü": [0.5], "": []}, {"-3": [True, False]}),
        {"ü": [0.5], "": [], "k": [2.0]},
    ),
    "optional": ('static Optional<String> f(Optional<Integer> a) { return a.map(one -> "n" + one); }', (None,), None),
    "generics": ("static List<Integer>[] f(List<Integer>[] a) { return a; }", ([[1], [2]],), [[1], [2]]),
    "main": (
        "static int f(@Deprecated int a) { return a; }\n public static void main(String[] a) { System.exit(3); }",
        (4,),
        4,
    ),
}


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_values(grade_by: GradeIt, name: str) -> None:
    method, arguments, expected = VALUES[name]
    result = await call(grade_by, solution(method), *arguments, expected=expected)
    assert result.verdict is Verdict.AC, result


@pytest.mark.parametrize(
    ("method", "arguments", "verdict", "said"),
    [
        ("static int f(int a) { return a + 1; }", (1,), Verdict.WA, "the function returned 2; expected was 1"),
        ("static int f(int a) { return a / 0; }", (1,), Verdict.RE, "ArithmeticException: / by zero (line 3)"),
        ("static int f(int a) { return f(a); }", (1,), Verdict.RE, "StackOverflowError"),
        ("static int f(int a) { System.exit(0); return a; }", (1,), Verdict.WA, "ended before the function returned"),
        ("static int f(int a) { System.out.print(1); System.exit(0); return a; }", (1,), Verdict.WA, "ended before"),
        ("static int f(int a) { System.out.println(1); return a - 1; }", (1,), Verdict.WA, "returned 0"),
        ("static int f(int a) { System.out.close(); return a; }", (1,), Verdict.WA, "ended before"),
        (
            "static { Runtime.getRuntime().halt(0); }\n static int f(int a) { return a; }",
            (1,),
            Verdict.WA,
            "ended before",
        ),
        ("static int f(int a) { return a; }", (2**31,), Verdict.RE, "argument 1 of the call does not fit"),
        ("static int f(int a) { return a; }", (True,), Verdict.RE, "argument 1 of the call does not fit"),
        ("static int f(int a) { return a; }", (1, 2), Verdict.RE, "more arguments than it has parameters"),
        ("static int f(int a, int b) { return a; }", (1,), Verdict.RE, "argument 2 of the call does not fit"),
        ("static int f(int a) { return a; }", (), Verdict.RE, "argument 1 of the call does not fit"),
        (
            "static Object f(int a) { return new Solution(); }",
            (1,),
            Verdict.RE,
            "returned a Solution, which cannot be compared",
        ),
        ("static int f(int a) { while (true) a++; }", (1,), Verdict.TLE, ""),
    ],
    ids=[str(number) for number in range(15)],
)
async def test_failures(
    grade_by: GradeIt, method: str, arguments: tuple[Any, ...], verdict: Verdict, said: str
) -> None:
    limits = GradingLimits(cpu_seconds=2.0, wall_seconds=20.0)
    result = await call(grade_by, solution(method), *arguments, expected=1, limits=limits)
    assert result.verdict is verdict, result
    assert said in (result.outcomes[0].message or "")
    assert "at Codezest" not in result.outcomes[0].stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (solution("static int g(int a) { return a; }"), "has no method named f: write it in a class `Solution`"),
        (solution('/* int f(int a) {} */ String text = "int f(int a) {}";'), "no method named f"),
        (solution("class Inner { int f(int a) { return a; } }"), "no method named f"),
        (solution("private static int f(int a) { return a; }"), "f is private"),
        (solution("static int f(Solution a) { return 1; }"), "its parameter `Solution a` is of another type"),
        (solution("static int f(List<int[]> a, List b) { return 1; }"), "its parameter `List b` is of another type"),
        (solution("static int f(int a) { return a }"), "Main.java:3: error: ';' expected"),
        (solution("static int f(int a) { return a;"), "Main.java"),
        (solution('static int f(int a) { return "a"; }'), "Main.java:3: error: incompatible types"),
    ],
    ids=[str(number) for number in range(9)],
)
async def test_what_does_not_compile(grade_by: GradeIt, source: str, said: str) -> None:
    result = await call(grade_by, source, 1, expected=1)
    assert result.verdict is Verdict.CE, result
    assert said in result.compile_output
    assert "Codezest" not in result.compile_output


async def test_cases_share_a_machine_and_nothing_else(grade_by: GradeIt) -> None:
    source = solution("static int calls; static int f(int a) { System.out.print(a); return a + calls++; }")
    tests = [TestSpec(name=str(number), arguments=(number,), expected=str(number)) for number in range(6)]
    result = await grade_by(source, *tests, language="java", mode=GradingMode.FUNCTION, function="f")
    assert result.verdict is Verdict.AC, result
    assert [outcome.stdout for outcome in result.outcomes] == [f"{number}→ {number}\n" for number in range(6)]


@pytest.mark.parametrize(
    ("method", "shares"),
    [(VALUES[name][0], True) for name in sorted(VALUES) if name != "main"]
    + [(VALUES["main"][0], False), ("static int f(int a) { new Thread().start(); return a; }", False)],
    ids=[str(number) for number in range(len(VALUES) + 1)],
)
async def test_the_driver_lets_cases_share_a_machine(grader: Grader, method: str, shares: bool) -> None:
    compiler = grader.sandboxes.compile_service("java")
    assert compiler is not None
    built, said = await compiler.compile(*drive_java({"Main.java": solution(method)}, "Main.java", "f"))
    assert built is not None, said
    assert (SHARED in built.run) is shares


async def test_classes_packages_and_own_input(grade_by: GradeIt) -> None:
    sources = {
        "Main.java": "package a.b;\nclass Other { static int f(int a) { return -1; } }\npublic class Main { int f(int a) { return 0; } }",
        "Solution.java": (
            "package a.b;\nclass Solution { private int f() { return 2; }\n"
            " int f(int a) throws java.io.IOException { return a + System.in.read() - '0'; } }"
        ),
    }
    test = TestSpec(name="only", arguments=(40,), stdin="2\n", expected="42")
    result = await grade_by(sources, test, language="java", mode=GradingMode.FUNCTION, function="f", entry="Main.java")
    assert result.verdict is Verdict.CE, "the first of equals is taken, and it is private"
    sources["Solution.java"] = sources["Solution.java"].replace("private int f()", "private int g()")
    result = await grade_by(sources, test, language="java", mode=GradingMode.FUNCTION, function="f", entry="Main.java")
    assert result.verdict is Verdict.AC, result
