"""Functions in C: pointers with their lengths, and nothing said that the comparison would believe."""

import json
from typing import Any

import pytest

from codezest.grading import GradingLimits, TestSpec
from codezest_db.enums import GradingMode, Verdict
from fixtures.graders import GradeIt

INCLUDES = "#include <stdbool.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"


async def call(
    grade: GradeIt, source: str, *arguments: Any, expected: Any, headers: str = INCLUDES, **options: Any
) -> Any:
    test = TestSpec(name="only", arguments=arguments, expected=json.dumps(expected))
    return await grade(headers + source, test, language="c", mode=GradingMode.FUNCTION, function="f", **options)


VALUES: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "smallest": ("long long f(int64_t a, int8_t b) { return a + (b + 128); }", (-(2**63), -128), -(2**63)),
    "largest": ("uint64_t f(unsigned long a) { return a; }", (2**64 - 1,), 2**64 - 1),
    "float": ("double f(float a, double b) { return a + b; }", (0.5, 1e300), 1e300),
    "whole as double": ("double f(double a) { return a / 2; }", (-3,), -1.5),
    "bool": ("bool f(bool a, _Bool b) { return a && !b; }", (True, False), True),
    "char": ("char f(char a) { return a + 1; }", ("a",), "b"),
    "quotation": ("const char *f(const char *a) { return a; }", ('é"\\\n\u0001😀',), 'é"\\\n\u0001😀'),
    "changed text": ("char *f(char *a) { a[0] = 'X'; return a; }", ("abc",), "Xbc"),
    "no text": ("const char *f(void) { return NULL; }", (), None),
    "nothing": ('void f(int a) { printf("%d", a); }', (5,), None),
    "array": (
        (
            "int *f(const int *a, size_t n, int factor, size_t *length) { int *b = malloc(n * sizeof *b);"
            " for (size_t i = 0; i < n; i++) b[i] = factor * a[i]; *length = n; return b; }"
        ),
        ([1, -2, 2**30], -1),
        [-1, 2, -(2**30)],
    ),
    "empty array": ("int f(int a[], int n) { return a == NULL ? -1 : n; }", ([],), 0),
    "long array": (
        "unsigned f(const unsigned *a, unsigned n) { unsigned s = 0; for (; n; n--) s += *a++; return s; }",
        ([1] * 70_000,),
        70_000,
    ),
    "texts": (
        (
            "char **f(const char *const *words, size_t n, int *length)"
            " { *length = (int)n - 1; char **w = malloc(n * sizeof *w); memcpy(w, words + 1, (n - 1) * sizeof *w); return w; }"
        ),
        (["a", "b, ]", "ü"],),
        ["b, ]", "ü"],
    ),
    "rows": (
        (
            "int **f(int **rows, int n, int *lengths, int *count, int **made)"
            " { *count = n; *made = lengths; if (n && lengths[0]) rows[0][0] = 9; return rows; }"
        ),
        ([[1, 2], [], [3]],),
        [[9, 2], [], [3]],
    ),
    "main": ("int main(void) { return f(1); }\nstatic int f(int a) { return a; }", (1,), 1),
}


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_values(grade_by: GradeIt, name: str) -> None:
    source, arguments, expected = VALUES[name]
    if name == "main":
        source = "static int f(int a);\n" + source
    result = await call(grade_by, source, *arguments, expected=expected)
    assert result.verdict is Verdict.AC, result
    assert not result.compile_output, "the driver warns of nothing"
    assert not result.outcomes[0].stderr


@pytest.mark.parametrize(
    ("source", "arguments", "verdict", "said"),
    [
        ("int f(int a) { return a + 1; }", (1,), Verdict.WA, "the function returned 2; expected was 1"),
        ("int f(int a) { return *(volatile int *)(long)(a - 1); }", (1,), Verdict.RE, "memory"),
        ("int f(int a) { exit(a - 1); }", (1,), Verdict.WA, "ended before the function returned"),
        ('int f(int a) { printf("1\\n"); fflush(stdout); _exit(a - 1); }', (1,), Verdict.WA, "ended before"),
        ('int f(int a) { printf("1\\n"); return a - 1; }', (1,), Verdict.WA, "returned 0"),
        ('int f(int a) { return (int)write(3, "1", a) + 1; }', (1,), Verdict.WA, "returned 12"),
        ("int f(int a) { close(3); return a; }", (1,), Verdict.RE, "exit status 1"),
        (
            "__attribute__((constructor)) void g(void) { _exit(0); }\nint f(int a) { return a; }",
            (1,),
            Verdict.WA,
            "ended",
        ),
        ("int f(int a) { return a; }", (2**31,), Verdict.RE, "exit status 1"),
        ("int f(int a) { return a; }", (1.5,), Verdict.RE, "exit status 1"),
        ("int f(int a) { return a; }", ("1",), Verdict.RE, "exit status 1"),
        ("int f(int a) { return a; }", (1, 2), Verdict.RE, "exit status 1"),
        ("int f(int a, int b) { return a + b; }", (1,), Verdict.RE, "exit status 1"),
        ("int f(int a) { for (;;) a++; }", (1,), Verdict.TLE, ""),
    ],
    ids=[str(number) for number in range(14)],
)
async def test_failures(
    grade_by: GradeIt, source: str, arguments: tuple[Any, ...], verdict: Verdict, said: str
) -> None:
    limits = GradingLimits(cpu_seconds=1.0, wall_seconds=10.0)
    result = await call(grade_by, source, *arguments, expected=1, limits=limits)
    assert result.verdict is verdict, result
    assert said in (result.outcomes[0].message or "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("int g(int a) { return a; }", "Your program defines no function named f."),
        ('int f(int a);\n/* int f(int a) { } */ const char *text = "int f(int a) {}";', "defines no function named f"),
        (
            "struct point { int x; };\nint f(struct point p) { return p.x; }",
            "its parameter 1 is of the type `struct point p`",
        ),
        ("int f(int *values) { return *values; }", "behind `int *values` is no length, such as `size_t count`"),
        ("int *f(const int *a, size_t n) { return 0; }", "no `size_t *length` as its last parameter"),
        ("int f(int (*g)(int)) { return g(1); }", "cannot be called"),
        ("int f(int a) { return a }", "main.c:7:24"),
        ("int f(int a) { return a;", "main.c"),
    ],
    ids=[str(number) for number in range(8)],
)
async def test_what_does_not_compile(grade_by: GradeIt, source: str, said: str) -> None:
    result = await call(grade_by, source, 1, expected=1)
    assert result.verdict is Verdict.CE, result
    assert said in result.compile_output
    assert "codezest" not in result.compile_output


async def test_names_of_the_library_may_be_the_learners_own(grade_by: GradeIt) -> None:
    source = "#define n 5\n#define text 6\nstatic int read(int a) { return a; }\nint write(int a) { return a + n; }\nint f(int index) { return read(write(index)); }"
    result = await call(grade_by, source, 1, expected=6, headers="")
    assert result.verdict is Verdict.AC, result
    assert not result.compile_output
