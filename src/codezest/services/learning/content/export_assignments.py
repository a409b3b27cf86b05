"""An assignment's row and tests as the files of its folder."""

from collections.abc import Mapping, Sequence
from typing import Any

from codezest.services.learning.content.assignment_tests import KIBIBYTE, MEBIBYTE, OPTIONS
from codezest.services.learning.content.assignments import main_of
from codezest.services.learning.content.export_text import Table, given
from codezest.services.learning.program_files import language_by_suffix
from codezest_db.enums import AssignmentKind, CheckerKind, GradingMode, GroupPolicy
from codezest_db.models.learning import Assignment, AssignmentTest

Files = dict[str, str]


def assignment_table(row: Assignment) -> Table:
    """What stands in ``assignment.toml`` below its title; ``stored`` says the rest."""
    return given(
        kind=unless(row.kind, AssignmentKind.CODE),
        difficulty=row.difficulty.value,
        language=row.language,
        mode=unless(row.grading_mode, GradingMode.STDIO),
        function=row.function_name,
        max_score=None if row.max_score == 100 else row.max_score,
        time_limit_minutes=row.time_limit_minutes,
        seed=row.seed or None,
        separate_processes=row.separate_processes or None,
        hints=list(row.hints) or None,
        **checker_table(None if row.checker is CheckerKind.EXACT else row.checker, row.checker_options),
        limits=limits_table(row),
        rule=[_present(rule) for rule in row.rules] or None,
    )


def tests_table(row: Assignment, tests: Sequence[AssignmentTest]) -> Table:
    """What stands in ``tests.toml``."""
    groups = [
        given(
            name=group.get("name"),
            policy=unless(group.get("policy"), GroupPolicy.SUM),
            points=group.get("points") or None,
        )
        for group in row.test_groups
    ]
    return given(test=[_test(test, number) for number, test in enumerate(tests, start=1)], group=groups or None)


def _test(row: AssignmentTest, number: int) -> Table:
    generator = _present(row.generator) if row.generator else None
    return given(
        key=f"test-{number}",
        name=row.name,
        stdin=row.stdin or None,
        args=list(row.args) or None,
        expected=row.expected,
        points=None if row.points == 1 else row.points,
        sample=row.sample or None,
        visible=row.visible if row.visible != row.sample else None,
        kind_of_case=row.kind_of_case,
        group=row.group_name,
        bonus=row.bonus or None,
        arguments=None if has_null(row.arguments) else row.arguments,
        **checker_table(row.checker, row.checker_options or {}),
        **limits_table(row),
        generator=generator,
        files=dict(row.files) or None,
    )


def checker_table(checker: CheckerKind | None, options: Mapping[str, Any]) -> Table:
    """The checker and those of its options that the format can say."""
    said = {
        name: value
        for name, value in options.items()
        if checker in OPTIONS.get(name, ()) and (value or name == "separator")
    }
    return given(checker=checker.value if checker else None) | said


def limits_table(row: Assignment | AssignmentTest) -> Table:
    memory, output = row.memory_bytes, row.output_bytes
    return given(
        cpu_seconds=row.cpu_seconds,
        wall_seconds=row.wall_seconds,
        memory_mb=memory // MEBIBYTE if memory and memory % MEBIBYTE == 0 else None,
        output_kb=output // KIBIBYTE if output and output % KIBIBYTE == 0 else None,
    )


def programs(row: Assignment) -> Files:
    """Learners' and authors' programs by their paths in the folder."""
    main = main_of(row.language or "")
    found: Files = {}
    for folder, code, files in (
        ("start", row.starter_code, row.starter_files),
        ("solution", row.solution_code, row.solution_files),
    ):
        found |= {f"{folder}/{path}": text for path, text in files.items()}
        if code is not None:
            found[f"{folder}/{main}"] = code
    for name in ("checker", "interactor"):
        program = row.harness.get(name)
        if program and _begins_with(name, program):
            found |= {f"{name}/{path}": text for path, text in program["files"].items()}
    for name, key in (("unit_tests", "unit_tests"), ("support", "support_files")):
        found |= {f"{name}/{path}": text for path, text in (row.harness.get(key) or {}).items()}
    for name, program in (row.harness.get("generators") or {}).items():
        if list(program["files"]) == [name] and "/" not in name and _speaks(name, program):
            found[f"generators/{name}"] = program["files"][name]
    return found


def _begins_with(name: str, program: Mapping[str, Any]) -> bool:
    """Whether the folder's reader would find where the program begins."""
    suffixes = language_by_suffix()
    entries = [
        path
        for path in program["files"]
        if path.partition(".")[0].lower() == name and f".{path.partition('.')[2]}" in suffixes
    ]
    return entries == [program["entry"]] and _speaks(entries[0], program)


def _speaks(path: str, program: Mapping[str, Any]) -> bool:
    return language_by_suffix().get(f".{path.rpartition('.')[2]}") == program["language"]


def unless(value: Any, default: Any) -> str | None:
    """An enumeration's value where it is not the one that goes without saying."""
    return None if value is None or value == default else str(value)


def _present(values: Mapping[str, Any]) -> Table:
    return {name: value for name, value in values.items() if value is not None and value != []}


def has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return value is None or (isinstance(value, list) and any(map(has_null, value)))
