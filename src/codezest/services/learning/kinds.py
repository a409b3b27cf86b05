"""What each kind of assignment asks of an assignment and its tests. Pure.

Both are mappings from column names to values; a column that is left out, or None where the database has a default, has it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codezest.grading.drivers import driver_for
from codezest.grading.rules import RuleError, StaticRule, validate_rule
from codezest.services.learning.program_files import entry_of, fault_of_paths
from codezest.services.learning.rules.calls import is_function_name
from codezest_db.enums import AssignmentKind, CheckerKind, GradingMode

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, or lacking, and where: in the assignment, or in the test with this index."""

    field: str
    message: str
    test: int | None = None


def contradictions(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    """What can never be right, however much is still to be written."""
    faults = [
        *_in_mode(assignment, tests),
        *_in_files(assignment),
        *_in_rules(assignment),
        *_in_groups(assignment, tests),
        *_in_generators(assignment, tests),
    ]
    faults += [
        Fault(test=index, field="sample", message="a sample is shown to learners, so it cannot be hidden")
        for index, test in enumerate(tests)
        if test.get("sample") and test.get("visible") is False
    ]
    return faults


def lacks(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    """What a code assignment lacks before learners may see it; empty when it is ready."""
    if (assignment.get("kind") or AssignmentKind.CODE) is not AssignmentKind.CODE:
        return []
    faults = [*_lacking_programs(assignment, tests), *_lacking_points(assignment, tests)]
    if mode_of(assignment) is GradingMode.FUNCTION:
        if not assignment.get("function_name"):
            faults.append(Fault(field="function_name", message="the name of the function that its tests call"))
        if driver_for(assignment.get("language") or "") is None:
            faults.append(Fault(field="grading_mode", message="a language whose functions can be called"))
        for index, test in enumerate(tests):
            name = test.get("name") or ""
            if test.get("arguments") is None:
                faults.append(Fault(test=index, field="arguments", message=f"“{name}”: the arguments of the call"))
            if not _is_json(test.get("expected")):
                message = f'“{name}”: an expected value that is JSON, such as 3, "text" or [1, 2]'
                faults.append(Fault(test=index, field="expected", message=message))
    return faults


def mode_of(assignment: Columns) -> GradingMode:
    return assignment.get("grading_mode") or GradingMode.STDIO


def harness_of(assignment: Columns) -> dict[str, Any]:
    return assignment.get("harness") or {}


def _in_mode(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    faults: list[Fault] = []
    mode = mode_of(assignment)
    function = assignment.get("function_name")
    if mode is GradingMode.FUNCTION:
        if function and not is_function_name(function):
            message = f"{function!r} is not the name of a function: letters, digits and `_`, a letter first"
            faults.append(Fault(field="function_name", message=message))
    else:
        if function is not None:
            faults.append(Fault(field="function_name", message="only mode FUNCTION calls a function"))
        faults += [
            Fault(test=index, field="arguments", message="only tests of mode FUNCTION have arguments")
            for index, test in enumerate(tests)
            if test.get("arguments") is not None
        ]
    if mode is GradingMode.UNIT_TESTS:
        names = [test.get("name") for test in tests]
        faults += [
            Fault(test=index, field="name", message=f"two tests are called {name!r}: each names one test function")
            for index, name in enumerate(names)
            if name in names[:index]
        ]
    return faults


def _in_files(assignment: Columns) -> list[Fault]:
    """Support files lie beside the learner's; nothing may be there twice."""
    entry = entry_of(assignment.get("language"))
    support = harness_of(assignment).get("support_files") or {}
    faults: list[Fault] = []
    if fault := fault_of_paths(support, taken=[entry]):
        faults.append(Fault(field="harness", message=f"support files: {fault}"))
    faults += [
        Fault(field=field, message=fault)
        for field in ("starter_files", "solution_files")
        if (fault := fault_of_paths(assignment.get(field) or {}, taken=[entry, *support]))
    ]
    return faults


def fault_of_rule(language: str | None, rule: Mapping[str, Any]) -> str | None:
    """Why a static rule cannot be checked in this language; None when it can."""
    try:
        validate_rule(language or "", StaticRule(**rule))
    except RuleError as error:
        return str(error)
    return None


def _in_rules(assignment: Columns) -> list[Fault]:
    faults = [
        (number, fault_of_rule(assignment.get("language"), rule))
        for number, rule in enumerate(assignment.get("rules") or (), start=1)
    ]
    return [Fault(field="rules", message=f"rule {number}: {said}") for number, said in faults if said is not None]


def _in_groups(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    names = [group["name"] for group in assignment.get("test_groups") or ()]
    faults = [
        Fault(field="test_groups", message=f"two groups are called {name!r}")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    bonus: dict[str, bool] = {}
    for index, test in enumerate(tests):
        name = test.get("group_name")
        if name is None:
            continue
        if name not in names:
            message = f"there is no group {name!r}" + (f"; there are: {', '.join(names)}" if names else "")
            faults.append(Fault(test=index, field="group_name", message=message))
        elif bonus.setdefault(name, bool(test.get("bonus"))) != bool(test.get("bonus")):
            message = f"all tests of the group {name!r} are bonus, or none is"
            faults.append(Fault(test=index, field="bonus", message=message))
    return faults


def _in_generators(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    scripts = sorted(harness_of(assignment).get("generators") or ())
    faults: list[Fault] = []
    for index, test in enumerate(tests):
        generator = test.get("generator")
        if generator is None:
            continue
        if generator["script"] not in scripts:
            message = f"there is no generator {generator['script']!r}" + (
                f"; there are: {', '.join(scripts)}" if scripts else ""
            )
            faults.append(Fault(test=index, field="generator", message=message))
        if test.get("stdin"):
            message = "a test's input is either written down or generated, not both"
            faults.append(Fault(test=index, field="generator", message=message))
    return faults


def _lacking_programs(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    harness, mode = harness_of(assignment), mode_of(assignment)
    faults: list[Fault] = []
    if mode is GradingMode.UNIT_TESTS and not harness.get("unit_tests"):
        faults.append(Fault(field="harness", message="the unit tests"))
    if mode is GradingMode.INTERACTIVE and not harness.get("interactor"):
        faults.append(Fault(field="harness", message="the interactor that programs talk with"))
    if not harness.get("checker"):
        message = "the program that checks what CUSTOM compares"
        if assignment.get("checker") is CheckerKind.CUSTOM:
            faults.append(Fault(field="harness", message=message))
        else:
            faults += [
                Fault(test=index, field="checker", message=message)
                for index, test in enumerate(tests)
                if test.get("checker") is CheckerKind.CUSTOM
            ][:1]
    return faults


def _lacking_points(assignment: Columns, tests: Sequence[Columns]) -> list[Fault]:
    if not tests:
        return [Fault(field="tests", message="at least one test")]
    required = [test for test in tests if not test.get("bonus")]
    if not required:
        return [Fault(field="tests", message="at least one test that is not bonus")]
    points = {group["name"]: group.get("points") for group in assignment.get("test_groups") or ()}
    for test in required:
        of_group = points.get(test.get("group_name"))
        own = 1 if test.get("points") is None else test["points"]
        if (own if of_group is None else of_group) > 0:
            return []
    return [Fault(field="tests", message="a test that gives points")]


def _is_json(text: str | None) -> bool:
    if text is None:
        return True
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(name)
