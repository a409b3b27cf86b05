"""What each kind of assignment asks of an assignment and its tests."""

from typing import Any

import pytest

from codezest.services.learning.grading_spec import assignment_spec
from codezest.services.learning.kinds import contradictions, lacks
from codezest.services.learning.program_files import (
    MAX_FILES,
    MAX_FILES_BYTES,
    entry_of,
    fault_of_paths,
    fault_of_size,
    language_by_suffix,
)
from codezest_db.enums import AssignmentKind, CheckerKind, GradingMode, GroupPolicy
from codezest_db.models.learning import Assignment, AssignmentTest

Columns = dict[str, Any]
PROGRAM = {"language": "python", "entry": "checker.py", "files": {"checker.py": "pass"}}
GROUP = {"name": "basics", "policy": "ALL", "points": 10}
TEST: Columns = {"name": "one"}

CONTRADICTIONS: dict[str, tuple[Columns, list[Columns], str, int | None]] = {
    "a function in another mode": ({"function_name": "f"}, [], "function_name", None),
    "arguments in another mode": ({}, [TEST | {"arguments": [1]}], "arguments", 0),
    "no such group": ({"test_groups": [GROUP]}, [TEST, TEST | {"group_name": "basic"}], "group_name", 1),
    "two groups of one name": ({"test_groups": [GROUP, GROUP]}, [], "test_groups", None),
    "a group half bonus": (
        {"test_groups": [GROUP]},
        [TEST | {"group_name": "basics"}, TEST | {"group_name": "basics", "bonus": True}],
        "bonus",
        1,
    ),
    "no such generator": ({}, [TEST | {"generator": {"script": "big.py"}}], "generator", 0),
    "written and generated": (
        {"harness": {"generators": {"big.py": PROGRAM}}},
        [TEST | {"generator": {"script": "big.py"}, "stdin": "1"}],
        "generator",
        0,
    ),
    "a hidden sample": ({}, [TEST | {"sample": True, "visible": False}], "sample", 0),
    "a starter file that is the program": (
        {"language": "python", "starter_files": {"main.py": ""}},
        [],
        "starter_files",
        None,
    ),
    "a solution file that is a support file": (
        {"language": "python", "solution_files": {"a.py": ""}, "harness": {"support_files": {"a.py": ""}}},
        [],
        "solution_files",
        None,
    ),
    "a support file that is the program": (
        {"language": "python", "harness": {"support_files": {"main.py": ""}}},
        [],
        "harness",
        None,
    ),
    "one test function twice": ({"grading_mode": GradingMode.UNIT_TESTS}, [TEST, TEST], "name", 1),
    "an unknown construct": (
        {"language": "python", "rules": [{"kind": "FORBID", "construct": "no-such-thing"}]},
        [],
        "rules",
        None,
    ),
    "a broken query": ({"language": "python", "rules": [{"kind": "FORBID", "query": "((("}]}, [], "rules", None),
}


@pytest.mark.parametrize(("assignment", "tests", "field", "place"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_found(assignment: Columns, tests: list[Columns], field: str, place: int | None) -> None:
    (fault,) = contradictions(assignment, tests)
    assert (fault.field, fault.test) == (field, place)
    assert fault.message


LACKS: dict[str, tuple[Columns, list[Columns], list[str]]] = {
    "nothing": ({}, [TEST], []),
    "work graded by hand": ({"kind": AssignmentKind.TEXT}, [], []),
    "tests": ({}, [], ["at least one test"]),
    "points": ({}, [TEST | {"points": 0}], ["a test that gives points"]),
    "points of a group": (
        {"test_groups": [GROUP]},
        [TEST | {"points": 0, "group_name": "basics"}],
        [],
    ),
    "a group without points": (
        {"test_groups": [GROUP | {"points": 0}]},
        [TEST | {"points": 5, "group_name": "basics"}],
        ["a test that gives points"],
    ),
    "a required test": ({}, [TEST | {"bonus": True}], ["at least one test that is not bonus"]),
    "unit tests": ({"grading_mode": GradingMode.UNIT_TESTS}, [TEST], ["the unit tests"]),
    "an interactor": ({"grading_mode": GradingMode.INTERACTIVE}, [TEST], ["the interactor that programs talk with"]),
    "a checker": ({"checker": CheckerKind.CUSTOM}, [TEST], ["the program that checks what CUSTOM compares"]),
    "a checker of one test": (
        {},
        [TEST, TEST | {"checker": CheckerKind.CUSTOM}],
        ["the program that checks what CUSTOM compares"],
    ),
    "a function": (
        {"grading_mode": GradingMode.FUNCTION, "language": "python"},
        [TEST | {"arguments": []}],
        ["the name of the function that its tests call"],
    ),
    "arguments": (
        {"grading_mode": GradingMode.FUNCTION, "language": "python", "function_name": "f"},
        [TEST],
        ["“one”: the arguments of the call"],
    ),
    "JSON": (
        {"grading_mode": GradingMode.FUNCTION, "language": "python", "function_name": "f"},
        [TEST | {"arguments": [], "expected": "NaN"}],
        ['“one”: an expected value that is JSON, such as 3, "text" or [1, 2]'],
    ),
    "a language to call": (
        {"grading_mode": GradingMode.FUNCTION, "language": "sql", "function_name": "f"},
        [TEST | {"arguments": [], "expected": "3"}],
        ["a language whose functions can be called"],
    ),
}


@pytest.mark.parametrize(("assignment", "tests", "said"), LACKS.values(), ids=LACKS)
def test_what_is_lacking_is_named(assignment: Columns, tests: list[Columns], said: list[str]) -> None:
    assert [fault.message for fault in lacks(assignment, tests)] == said


@pytest.mark.parametrize(
    "path",
    ["", "/a", "../a", "a/../b", "a//b", "a\\b", ".hidden", "a/", "a b", "ä.py", "x" * 101, "a\n", "1/2/3/4/5/6/7"],
)
def test_a_path_that_is_none(path: str) -> None:
    assert "is no path" in (fault_of_paths([path]) or "")


def test_files_beside_each_other() -> None:
    assert fault_of_paths(["a.py", "lib/a.py", "lib/b/c.py"], taken=["main.py"]) is None
    assert fault_of_paths(["main.py"], taken=["main.py"]) == "main.py is there already"
    assert fault_of_paths(["lib", "lib/a.py"]) == "lib cannot be a file and a folder at once"
    assert fault_of_paths(["lib/a.py"], taken=["lib"]) == "lib cannot be a file and a folder at once"
    assert fault_of_paths(["lib"], taken=["lib/a.py"]) == "lib cannot be a file: lib/a.py is there already"


def test_size_is_that_of_all_files_in_bytes() -> None:
    assert fault_of_size({"a": "ä" * (MAX_FILES_BYTES // 2)}) is None
    assert "bytes together" in (fault_of_size({"a": "ä" * (MAX_FILES_BYTES // 2), "b": "x"}) or "")
    assert fault_of_size({str(number): "" for number in range(MAX_FILES)}) is None
    assert "at most" in (fault_of_size({str(number): "" for number in range(MAX_FILES + 1)}) or "")


def test_a_language_has_its_entry_and_its_suffix() -> None:
    assert entry_of("python") == "main.py"
    assert language_by_suffix()[".py"] == "python"


def test_the_specification_says_what_the_rows_say() -> None:
    generator = {"language": "python", "entry": "z.py", "files": {"a.py": "A", "z.py": "Z"}}
    assignment = Assignment(
        grading_mode=GradingMode.FUNCTION,
        function_name="add",
        checker=CheckerKind.CUSTOM,
        checker_options={},
        harness={
            "checker": PROGRAM,
            "generators": {"z.py": generator},
            "support_files": {"b.py": "B", "a.py": "A"},
            "unit_tests": {"test_x.py": "T"},
        },
        rules=[{"kind": "FORBID", "construct": "loop", "message": "No loops."}],
        test_groups=[GROUP],
        seed=7,
        separate_processes=True,
        cpu_seconds=1,
        wall_seconds=2,
        memory_bytes=3,
        output_bytes=4,
    )
    common: Columns = {
        "stdin": "",
        "args": [],
        "files": {},
        "points": 1,
        "visible": True,
        "bonus": False,
        "sample": False,
    }
    tests = [
        AssignmentTest(name="call", arguments=[1, [2]], expected="3", group_name="basics", output_bytes=9, **common),
        AssignmentTest(name="made", generator={"script": "z.py", "args": ["5"], "seed": None}, **common),
        AssignmentTest(
            name="seeded", generator={"script": "z.py", "args": [], "seed": 0}, **(common | {"bonus": True})
        ),
    ]
    spec = assignment_spec(assignment, tests, language="python", max_score=50)
    assert (spec.mode, spec.function, spec.seed, spec.max_score) == (GradingMode.FUNCTION, "add", 7, 50)
    assert spec.strict
    assert spec.checker_program is not None
    assert spec.checker_program.entry == "checker.py"
    assert spec.interactor is None
    assert list(spec.support_files) == ["a.py", "b.py"]
    assert spec.unit_tests == {"test_x.py": "T"}
    assert [(group.name, group.policy, group.points) for group in spec.groups] == [("basics", GroupPolicy.ALL, 10)]
    assert (spec.rules[0].construct, spec.rules[0].message) == ("loop", "No loops.")
    call, made, seeded = spec.tests
    assert (call.arguments, call.group, call.output_bytes, call.checker) == ((1, [2]), "basics", 9, CheckerKind.CUSTOM)
    assert made.generator is not None
    assert (made.generator.program.entry, made.generator.args, made.generator.seed) == ("z.py", ("5",), 7)
    assert seeded.generator is not None
    assert (seeded.generator.seed, seeded.bonus, seeded.arguments) == (0, True, None)
