"""`codezest grade`: grade a program from the command line, without a server or a database.

Exit status: 0 accepted · 1 wrong answer, or a rule broken · 2 the command or the assignment's folder is not right ·
3 it could not be graded here · 10 compile error · 11 time · 12 memory · 13 output · 14 runtime error.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from codezest.cli.grade_table import as_table, wants_colour
from codezest.grading import Grade, Grader, GradingSpec, LanguageUnavailable, UnknownLanguageError
from codezest.kit.settings import Settings
from codezest.services.learning.content import ContentProblems
from codezest.services.learning.content.check import grading_spec
from codezest.services.learning.content.model import AssignmentContent
from codezest.services.learning.content.one_assignment import load_one_assignment
from codezest.services.learning.program_files import fault_of_paths
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable, Tier

WRONG_COMMAND, CANNOT_GRADE = 2, 3
EXIT_STATUS = {
    Verdict.AC: 0,
    Verdict.WA: 1,
    Verdict.IE: CANNOT_GRADE,
    Verdict.CE: 10,
    Verdict.TLE: 11,
    Verdict.MLE: 12,
    Verdict.OLE: 13,
    Verdict.RE: 14,
}
"""By the verdict of the whole submission, which is the worst of its tests."""


class WrongSourcesError(Exception):
    """The files cannot be one program; the message says why."""


def grade(settings: Settings, arguments: argparse.Namespace) -> int:
    """Grade and print; returns the exit status."""
    try:
        assignment = load_one_assignment(arguments.assignment)
        sources = read_sources(arguments.source, entry=assignment.main)
    except ContentProblems as problems:
        return _refuse(arguments, WRONG_COMMAND, "\n".join(map(str, problems.problems)))
    except WrongSourcesError as error:
        return _refuse(arguments, WRONG_COMMAND, str(error))
    grader = Grader(
        required_tier=Tier[settings.sandbox_tier],
        python=arguments.python or settings.sandbox_python or None,
        prewarmed=0,
    )
    spec = _revealed(grading_spec(assignment))
    try:
        graded = asyncio.run(_grade(grader, spec, sources))
    except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as error:
        return _refuse(arguments, CANNOT_GRADE, str(error))
    status = EXIT_STATUS[graded.verdict]
    if arguments.json:
        print(json.dumps(as_json(assignment, spec, graded), ensure_ascii=False, indent=2))
    else:
        print(as_table(assignment.title, graded, max_score=spec.max_score, colour=wants_colour(sys.stdout)))
    return status


async def _grade(grader: Grader, spec: GradingSpec, sources: Mapping[str, str]) -> Grade:
    try:
        await asyncio.to_thread(grader.start)
        return await grader.grade(spec, sources)
    finally:
        await asyncio.to_thread(grader.close)


def _revealed(spec: GradingSpec) -> GradingSpec:
    """Who has the folder has the hidden tests: messages may say what they expect."""
    return replace(spec, tests=tuple(replace(test, visible=True) for test in spec.tests))


def _refuse(arguments: argparse.Namespace, status: int, reason: str) -> int:
    if arguments.json:
        print(json.dumps({"verdict": None, "exit_status": status, "reason": reason}, ensure_ascii=False, indent=2))
    else:
        print(reason, file=sys.stderr)
    return status


def read_sources(paths: Sequence[Path], *, entry: str) -> dict[str, str]:
    """The files of one submission by the name that each has in it, the main file first.

    A folder contributes all files below it, by their paths in it; hidden ones are passed over. A file is known by its own
    name. Where none is called `entry`, the first file given is the main one. Bytes that are not UTF-8 are kept as lone
    surrogates, which the grader refuses.

    Raises:
        WrongSourcesError: a file cannot be read, or two would have the same name.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for name, file in _files(path):
            if name in found:
                raise WrongSourcesError(f"{found[name]} and {file} would both be {name}")
            found[name] = file
    if not found:
        raise WrongSourcesError("there is no file to grade")
    if entry not in found:
        first = next(iter(found))
        found = {entry: found[first], **{name: file for name, file in found.items() if name != first}}
    found = {entry: found[entry], **found}
    if (fault := fault_of_paths(found)) is not None:
        raise WrongSourcesError(fault)
    try:
        return {name: file.read_bytes().decode("utf-8", "surrogateescape") for name, file in found.items()}
    except OSError as error:
        raise WrongSourcesError(f"{error.filename}: {error.strerror}") from None


def _files(path: Path) -> list[tuple[str, Path]]:
    if not path.is_dir():
        return [(path.name, path)]
    below = ((file.relative_to(path), file) for file in sorted(path.rglob("*")) if file.is_file())
    return [
        (name.as_posix(), file)
        for name, file in below
        if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    ]


def as_json(assignment: AssignmentContent, spec: GradingSpec, graded: Grade) -> dict[str, Any]:
    """What `--json` prints; the fields are described in docs/guides/authoring.md."""
    whole = asdict(graded)
    outcomes = whole.pop("outcomes")
    for outcome, test in zip(outcomes, (assignment.tests[outcome["index"]] for outcome in outcomes), strict=True):
        outcome |= {"key": test.key, "visible": test.visible}
    return {
        "assignment": assignment.slug,
        "language": spec.language,
        **whole,
        "max_score": spec.max_score,
        "exit_status": EXIT_STATUS[graded.verdict],
        "tests": outcomes,
    }
