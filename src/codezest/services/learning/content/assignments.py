"""Reads one assignment: a folder with its task, its programs and its tests."""

from pathlib import Path
from typing import Any

from codezest.grading.languages import languages
from codezest.grading.rules import RuleKind
from codezest.services.learning import kinds
from codezest.services.learning.content.assignment_tests import (
    KIBIBYTE,
    MEBIBYTE,
    ReadTests,
    read_checker,
    read_tests,
)
from codezest.services.learning.content.columns import assignment_columns, test_columns
from codezest.services.learning.content.markdown import examine, media_links
from codezest.services.learning.content.materials import SOURCE_SUFFIX, item_status
from codezest.services.learning.content.model import AssignmentContent, WrongSolution
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.programs import AUTHORS, read_harness, read_program
from codezest.services.learning.content.reading import read_text, read_toml
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.content.timing import read_timing, unnamed
from codezest_db.enums import AssignmentKind, CheckerKind, Difficulty, GradingMode, Verdict
from codezest_db.models.learning import Assignment

CODE_FOLDERS = frozenset({"start", "solution", "wrong"})
IN_ASSIGNMENT = {"grading_mode": "mode", "function_name": "function"}
"""What columns are called in ``assignment.toml``, where that differs."""
IN_TEST = {"group_name": "group"}


def load_assignment(
    folder: Path, *, position: int, language: str, runtime: str, media: Path, problems: Problems
) -> AssignmentContent | None:
    """The assignment in ``folder``, or None when nothing of it can be read."""
    fields = read_toml(folder / "assignment.toml", problems)
    if fields is None:
        return None
    instructions = read_text(folder / "instructions.md", problems) or ""
    examine(instructions, folder / "instructions.md", first_line=1, media=media, problems=problems)
    key = fields.optional_text("language") or runtime
    kind = fields.choice("kind", AssignmentKind, AssignmentKind.CODE)
    runs = kind is AssignmentKind.CODE
    main = main_of(key)
    limits = fields.table("limits")
    checker, options = read_checker(fields)
    tests = (
        ReadTests()
        if _is_absent(folder / "tests", problems, runs=runs)
        else read_tests(folder / "tests", problems, entry=main)
    )
    hints = fields.texts("hints")
    if not hints and runs:
        fields.advise(None, "there are no hints: add hints = [...], from a nudge to nearly the solution")
    rules = fields.tables("rule")
    starter_code, starter_files = _program(folder / "start", main, problems, runs=runs)
    solution_code, solution_files = _program(folder / "solution", main, problems, runs=runs)
    assignment = AssignmentContent(
        id=fields.uuid(),
        slug=fields.slug(folder.name),
        title=fields.text("title"),
        description=fields.optional_text("description"),
        status=item_status(fields),
        position=position,
        path=folder,
        main=main,
        instructions=media_links(instructions, language),
        difficulty=fields.choice("difficulty", Difficulty),
        kind=kind,
        language=key if runs else fields.optional_text("language") or "",
        grading_mode=fields.choice("mode", GradingMode, GradingMode.STDIO),
        function_name=fields.optional_text("function"),
        starter_code=starter_code,
        starter_files=starter_files,
        solution_code=solution_code,
        solution_files=solution_files,
        harness=read_harness(folder, problems),
        rules=tuple(_rule(entry) for entry in rules),
        test_groups=tests.groups,
        seed=fields.integer("seed", low=0) or 0,
        separate_processes=fields.flag("separate_processes", default=False),
        hints=hints,
        max_score=fields.integer("max_score") or 100,
        time_limit_minutes=fields.integer("time_limit_minutes"),
        timing=read_timing(fields),
        cpu_seconds=limits.number("cpu_seconds") or 2.0,
        wall_seconds=limits.number("wall_seconds") or 6.0,
        memory_bytes=(limits.integer("memory_mb") or 128) * MEBIBYTE,
        output_bytes=(limits.integer("output_kb") or 1024) * KIBIBYTE,
        checker=checker or CheckerKind.EXACT,
        checker_options=options,
        tests=tests.tests,
        wrong=_wrong(fields, folder / "wrong", main, [test.key for test in tests.tests], problems, runs=runs),
        unnamed=unnamed(fields),
        stored=read_stored(fields, Assignment),
    )
    limits.finish()
    fields.finish()
    _fits_together(assignment, fields, rules, tests)
    return assignment


def _is_absent(folder: Path, problems: Problems, *, runs: bool) -> bool:
    """Whether an assignment does without this folder, as what nobody runs does, and a draft that was exported."""
    return not folder.is_dir() and (problems.lenient or not runs)


def _program(folder: Path, main: str, problems: Problems, *, runs: bool) -> tuple[str, dict[str, str]]:
    return ("", {}) if _is_absent(folder, problems, runs=runs) else read_program(folder, main, problems)


def main_of(language: str) -> str:
    """What the program is called; a language that nobody can run is refused when its programs are."""
    names = {known.key: known.file_name for known in languages()}
    return names.get(language, f"main{SOURCE_SUFFIX.get(language, f'.{language}')}")


def _rule(fields: Fields) -> dict[str, Any]:
    """What the source must or must not contain: a construct by its name, or what a tree-sitter query finds."""
    rule = {
        "kind": fields.choice("kind", RuleKind).value,
        "construct": fields.optional_text("construct"),
        "query": fields.optional_text("query"),
        "message": fields.optional_text("message"),
        "at_least": fields.integer("at_least"),
        "at_most": fields.integer("at_most", low=0),
    }
    fields.finish()
    return rule


def _fits_together(assignment: AssignmentContent, fields: Fields, rules: list[Fields], tests: ReadTests) -> None:
    """Report what contradicts itself, what is lacking, and what nothing uses, each where it is written."""
    columns = assignment_columns(assignment, assignment.id)
    rows = [test_columns(test, position) for position, test in enumerate(assignment.tests, start=1)]
    lacking = kinds.lacks(columns, rows) if rows else []
    for table, rule in zip(rules, assignment.rules, strict=True):
        if said := kinds.fault_of_rule(assignment.language, rule):
            table.problem(None, said)
    for fault in kinds.contradictions(columns, rows):
        if fault.field != "rules":
            _report(fault, fault.message, fields, tests)
    for fault in lacking:
        _report(fault, f"this is missing: {fault.message}", fields, tests, advice=True)
    used = {
        "checker": CheckerKind.CUSTOM in {assignment.checker, *(test.checker for test in assignment.tests)},
        "interactor": assignment.grading_mode is GradingMode.INTERACTIVE,
        "unit_tests": assignment.grading_mode is GradingMode.UNIT_TESTS,
    }
    for name, is_used in used.items():
        if name in assignment.harness and not is_used:
            fields.problems.advise(
                assignment.path / name, None, "nothing uses this: set `mode` or `checker` accordingly, or remove it"
            )
    scripts = {test.generator["script"] for test in assignment.tests if test.generator is not None}
    for script in sorted(set(assignment.harness.get("generators", ())) - scripts):
        fields.problems.advise(
            assignment.path / "generators" / script, None, "no test names this generator: name it, or remove it"
        )


def _report(fault: kinds.Fault, message: str, fields: Fields, tests: ReadTests, *, advice: bool = False) -> None:
    """A mistake of one test stands in that test's table; one of a field that is not written, where its table begins."""
    if fault.test is not None:
        table, key = tests.tables[fault.test], IN_TEST.get(fault.field, fault.field)
    elif fault.field in {"tests", "test_groups"} and tests.fields is not None:
        table, key = tests.fields, fault.field
    else:
        table, key = fields, IN_ASSIGNMENT.get(fault.field, fault.field)
    report = table.advise if advice else table.problem
    report(key if key in table.values else None, message)


def _wrong(
    fields: Fields, folder: Path, main: str, keys: list[str], problems: Problems, *, runs: bool
) -> tuple[WrongSolution, ...]:
    """The programs in wrong/; each must be described, and each description must have its program."""
    found = tuple(_wrong_solution(entry, folder, main, keys) for entry in fields.tables("wrong"))
    if len(found) < 2 and runs:
        fields.advise(None, f"there are {len(found)} [[wrong]] solutions: describe at least two typical misconceptions")
    described = {wrong.name for wrong in found}
    for path in sorted(folder.glob("*")):
        if path.name not in described:
            problems.add(path, None, "no [[wrong]] in assignment.toml names this file: describe it there, or remove it")
    return found


def _wrong_solution(fields: Fields, folder: Path, main: str, keys: list[str]) -> WrongSolution:
    """``file`` is a program of one file, or the folder of one of several."""
    name = fields.text("file")
    code, files = "", dict[str, str]()
    if name and (folder / name).is_dir():
        code, files = read_program(folder / name, main, fields.problems)
    elif name:
        code = read_text(folder / name, fields.problems) or ""
    if fields.values.get("fails") == "all":
        fields.asked.add("fails")
        fails = tuple(keys)
    else:
        fails = fields.texts("fails")
        if not fails:
            fields.problem(
                "fails", '`fails` is missing: list the keys of the tests that must fail, or write fails = "all"'
            )
    for key in fails:
        if key not in keys:
            fields.problem("fails", f"there is no test with the key {key!r}")
    wrong = WrongSolution(
        name=name,
        code=code,
        files=files,
        is_folder=bool(name) and (folder / name).is_dir(),
        verdict=fields.choice("verdict", Verdict),
        fails=fails,
        why=fields.text("why"),
    )
    if wrong.verdict == Verdict.AC:
        fields.problem("verdict", "a wrong solution cannot be accepted: name the verdict its failing tests get")
    fields.finish()
    return wrong


def unused_files(folder: Path) -> list[str]:
    """Names in an assignment's folder that nothing reads, such as a misspelt ``solutions``."""
    known = {"assignment.toml", "instructions.md", "tests", *CODE_FOLDERS, *AUTHORS}
    return sorted(path.name for path in folder.iterdir() if path.name not in known)
