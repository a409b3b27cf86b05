"""Names of a learner's files and classes that the author's tests could mistake for what they mean. Each solution here is wrong."""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.harness.java_names import hidden_by, may_stand_in
from codezest_db.enums import GradingMode
from fixtures.programs import require

pytestmark = pytest.mark.sandbox

Run = Callable[..., Awaitable[Grade]]
LIMITS = GradingLimits(cpu_seconds=5.0, wall_seconds=15.0, memory_bytes=256 << 20)


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade files by one test of the author's files. The first of the learner's is the entry."""

    async def grade(language: str, files: Mapping[str, str], tests: Mapping[str, str], name: str) -> Grade:
        require(grader, language)
        spec = GradingSpec(
            language=language,
            mode=GradingMode.UNIT_TESTS,
            entry=next(iter(files)),
            unit_tests=tests,
            tests=(TestSpec(name=name),),
            limits=LIMITS,
        )
        return await grader.grade(spec, files)

    return grade


WRONG = "def mean(x): return 0\ndef approx(x): return 0\n"
PYTHON_TESTS = {
    "test_solution.py": (
        "import pytest, statistics, reference\nfrom unittest import mock\nfrom parts import deeper\nfrom solution import mean\n"
        "def test_mean():\n"
        "    assert mean([1, 2, 3]) == reference.mean([1, 2, 3]) == deeper.mean(0) == statistics.mean([1, 2, 3]) == pytest.approx(2)\n"
    ),
    "reference.py": "def mean(x): return 2\n",
    "parts/deeper.py": "def mean(x): return 2\n",
}
PYTHON_NAMES = [
    "statistics.py",
    "reference.py",
    "parts/deeper.py",
    "parts/__init__.py",
    "pytest.py",
    "py.py",
    "_pytest/assertion/rewrite.py",
    "unittest/mock.py",
    "conftest.py",
    "test_solution.py",
    "codezest/grading/harness/python/reporter.py",
    "sitecustomize.py",
]


@pytest.mark.parametrize("name", PYTHON_NAMES)
async def test_no_file_of_the_learner_stands_for_a_module_that_the_tests_import(run: Run, name: str) -> None:
    grade = await run("python", {"solution.py": WRONG, name: WRONG}, PYTHON_TESTS, "test_mean")
    assert (grade.verdict, grade.fault) == ("WA", None), grade


async def test_a_package_may_have_files_of_both_sides(run: Run) -> None:
    files = {"shapes/area.py": "def square(x): return x * x\n", "shapes/__init__.py": "SIDES = 4\n"}
    test = "import shapes\nfrom shapes import area\ndef test_area(): assert area.square(3) == 9 and shapes.SIDES == 4\n"
    grade = await run("python", files, {"shapes/test_area.py": test}, "test_area")
    assert grade.verdict == "AC", grade


NODE_HEAD = 'const test = require("node:test"), assert = require("node:assert"), s = require("./solution.js");\n'
NODE_FILES = {
    "a helper": ("reference.js", '"./reference.js"', {"reference.js": "exports.sum = 5;"}),
    "a helper without its suffix": ("reference.js", '"./reference"', {"reference.json": '{"sum": 5}'}),
    "a helper's folder": ("reference.js", '"./reference"', {"reference/index.js": "exports.sum = 5;"}),
    "the file of tests": ("solution.test.js", '"./reference.js"', {"reference.js": "exports.sum = 5;"}),
    "what stands for node:test": ("codezest_node_test.cjs", '"./reference.js"', {"reference.js": "exports.sum = 5;"}),
    "the runner": ("codezest_runner/remote.js", '"./reference.js"', {"reference.js": "exports.sum = 5;"}),
}


@pytest.mark.parametrize(("name", "wanted", "helper"), NODE_FILES.values(), ids=NODE_FILES.keys())
async def test_no_script_of_the_learner_stands_for_one_of_the_tests(
    run: Run, name: str, wanted: str, helper: Mapping[str, str]
) -> None:
    wrong = "exports.add = () => 0; exports.sum = 0; exports.test = () => {};"
    test = f'{NODE_HEAD}test("adds", () => assert.strictEqual(s.add(2, 3), require({wanted}).sum));'
    grade = await run("javascript", {"solution.js": wrong, name: wrong}, {"solution.test.js": test, **helper}, "adds")
    assert (grade.verdict, grade.fault) == ("WA", None), grade


CALC = "public class Calc { public static int add(int a, int b) { return 0; } }\n"
JAVA_TEST = """
import java.util.*;
import org.junit.jupiter.api.*;
class CalcTest {
  @Test void adds() {
    Assertions.assertEquals(Math.max(4, 5), Calc.add(2, 3));
    Assertions.assertEquals(Arrays.asList(1, 2), List.of(1, 2));
  }
}
"""
JAVA_CLASSES = {
    "the assertions": ("", "class Assertions { public static void assertEquals(Object a, Object b) {} }"),
    "the assertions in their package": (
        "org/junit/jupiter/api/Assertions.java",
        "package org.junit.jupiter.api; public class Assertions { public static void assertEquals(Object a, Object b) {} }",
    ),
    "a failure": (
        "org/opentest4j/AssertionFailedError.java",
        "package org.opentest4j; public class AssertionFailedError extends AssertionError {}",
    ),
    "a class of the language": ("", "class Math { public static int max(int a, int b) { return 0; } }"),
    "a class of the library": (
        "",
        "class Arrays { public static java.util.List<Integer> asList(Integer... a) { return java.util.List.of(); } }",
    ),
    "a package of the library": ("", "class java { static class util { static class List {} } }"),
    "the framework's package": ("", "class org { static class junit {} }"),
    "the runner": (
        "codezest/tests/Runner.java",
        "package codezest.tests; public class Runner { public static void main(String[] a) {} }",
    ),
    "the tests": ("CalcTest.java", "class CalcTest {}"),
}


@pytest.mark.parametrize(("path", "source"), JAVA_CLASSES.values(), ids=JAVA_CLASSES.keys())
async def test_no_class_of_the_learner_stands_for_one_that_the_tests_mean(run: Run, path: str, source: str) -> None:
    files = {"Calc.java": CALC, path: source} if path else {"Calc.java": CALC + source}
    grade = await run("java", files, {"CalcTest.java": JAVA_TEST}, "adds")
    assert grade.verdict in {"WA", "RE"}, grade
    assert grade.fault is None, grade


async def test_names_that_the_tests_cannot_spell_are_the_learners_mistake(run: Run) -> None:
    source = CALC.replace("} }", "} static int \N{EURO SIGN}() { return 1; } }")
    grade = await run("java", {"Calc.java": source}, {"CalcTest.java": JAVA_TEST}, "adds")
    assert grade.verdict == "CE", grade


def test_which_classes_a_stand_in_would_hide() -> None:
    test = "package p;\nimport java.util.*;\nimport static a.B.*;\nclass T { Stack s; }"
    assert hidden_by(["p.Stack", "p.Other", "Stack", "p.Outer$Stack"], {"p/T.java": test}) == [
        "a.B$Stack",
        "java.lang.Stack",
        "java.util$Stack",
        "java.util.Stack",
    ]
    assert not hidden_by(["Stack"], {"T.java": "class T { Stacks s; }"})


@pytest.mark.parametrize("name", ["java.util.List", "org.junit.X$Y", "codezest", "org", "p.java$util", "Helper"])
def test_names_without_a_stand_in(name: str) -> None:
    assert not may_stand_in(name, ["Helper.java"])
    assert may_stand_in("p.Calc$Part", ["Helper.java"])
