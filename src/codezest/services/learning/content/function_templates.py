"""The same small function in every language in which functions can be called, as a new assignment begins with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTests:
    """The author's tests of it."""

    file: str
    source: str
    names: tuple[str, str, str]
    """Of the tests with 21, 2 and -4."""
    memory_mb: int = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPrograms:
    """Programs of one file, named after the language."""

    file: str
    function: str
    """Not `double` where that is the name of a type."""
    signature: str
    """As instructions show it."""
    start: str
    solution: str
    prints: str
    """Prints the result, and returns something else."""
    adds_two: str
    unit_tests: UnitTests | None = None

    @property
    def suffix(self) -> str:
        return self.file.rpartition(".")[2]


_PYTHON_TESTS = """\
from main import double


def test_the_example():
    assert double(21) == 42


def test_two():
    assert double(2) == 4


def test_negative():
    assert double(-4) == -8
"""
_NODE_TESTS = """\
const test = require("node:test");
const assert = require("node:assert");
const { double } = require("./main.js");

test("the example", () => assert.strictEqual(double(21), 42));
test("two", () => assert.strictEqual(double(2), 4));
test("negative", () => assert.strictEqual(double(-4), -8));
"""
_JUNIT_TESTS = """\
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SolutionTest {
    @Test
    void theExample() {
        assertEquals(42, Solution.twice(21));
    }

    @Test
    void two() {
        assertEquals(4, Solution.twice(2));
    }

    @Test
    void negative() {
        assertEquals(-8, Solution.twice(-4));
    }
}
"""


def _java(body: str) -> str:
    return f"class Solution {{\n    public static int twice(int number) {{\n{body}    }}\n}}\n"


def _javascript(body: str) -> str:
    return f"function double(number) {{\n{body}}}\n\nmodule.exports = {{ double }};\n"


def _typescript(body: str) -> str:
    return f"function double(number: number): number {{\n{body}}}\n"


def _c(body: str, head: str = "") -> str:
    return f"{head}int twice(int number)\n{{\n{body}}}\n"


def _go(body: str, head: str = "") -> str:
    return f"package main\n\n{head}func double(number int) int {{\n{body}}}\n"


def _rust(body: str) -> str:
    return f"pub fn double(number: i64) -> i64 {{\n{body}}}\n"


FUNCTION_PROGRAMS: dict[str, FunctionPrograms] = {
    "python": FunctionPrograms(
        file="main.py",
        function="double",
        signature="double(number)",
        start="def double(number):\n    ...\n",
        solution="def double(number):\n    return number * 2\n",
        prints="def double(number):\n    print(number * 2)\n",
        adds_two="def double(number):\n    return number + 2\n",
        unit_tests=UnitTests(
            file="test_main.py", source=_PYTHON_TESTS, names=("test_the_example", "test_two", "test_negative")
        ),
    ),
    "javascript": FunctionPrograms(
        file="main.js",
        function="double",
        signature="double(number)",
        start=_javascript("    // Return the double.\n"),
        solution=_javascript("    return number * 2;\n"),
        prints=_javascript("    console.log(number * 2);\n"),
        adds_two=_javascript("    return number + 2;\n"),
        unit_tests=UnitTests(file="main.test.js", source=_NODE_TESTS, names=("the example", "two", "negative")),
    ),
    "typescript": FunctionPrograms(
        file="main.ts",
        function="double",
        signature="double(number: number): number",
        start=_typescript("    // Return the double.\n    return 0;\n"),
        solution=_typescript("    return number * 2;\n"),
        prints=_typescript("    console.log(number * 2);\n    return 0;\n"),
        adds_two=_typescript("    return number + 2;\n"),
    ),
    "java": FunctionPrograms(
        file="Main.java",
        function="twice",
        signature="int twice(int number)",
        start=_java("        // Return the double.\n        return 0;\n"),
        solution=_java("        return number * 2;\n"),
        prints=_java("        System.out.println(number * 2);\n        return 0;\n"),
        adds_two=_java("        return number + 2;\n"),
        unit_tests=UnitTests(
            file="SolutionTest.java", source=_JUNIT_TESTS, names=("theExample", "two", "negative"), memory_mb=256
        ),
    ),
    "c": FunctionPrograms(
        file="main.c",
        function="twice",
        signature="int twice(int number)",
        start=_c("    // Return the double.\n    return 0;\n"),
        solution=_c("    return number * 2;\n"),
        prints=_c('    printf("%d\\n", number * 2);\n    return 0;\n', "#include <stdio.h>\n\n"),
        adds_two=_c("    return number + 2;\n"),
    ),
    "cpp": FunctionPrograms(
        file="main.cpp",
        function="twice",
        signature="int twice(int number)",
        start=_c("    // Return the double.\n    return 0;\n"),
        solution=_c("    return number * 2;\n"),
        prints=_c('    std::cout << number * 2 << "\\n";\n    return 0;\n', "#include <iostream>\n\n"),
        adds_two=_c("    return number + 2;\n"),
    ),
    "go": FunctionPrograms(
        file="main.go",
        function="double",
        signature="func double(number int) int",
        start=_go("\t// Return the double.\n\treturn 0\n"),
        solution=_go("\treturn number * 2\n"),
        prints=_go("\tfmt.Println(number * 2)\n\treturn 0\n", 'import "fmt"\n\n'),
        adds_two=_go("\treturn number + 2\n"),
    ),
    "rust": FunctionPrograms(
        file="main.rs",
        function="double",
        signature="pub fn double(number: i64) -> i64",
        start=_rust("    // Return the double.\n    number\n"),
        solution=_rust("    number * 2\n"),
        prints=_rust('    println!("{}", number * 2);\n    0\n'),
        adds_two=_rust("    number + 2\n"),
    ),
}
"""By key of the language."""
