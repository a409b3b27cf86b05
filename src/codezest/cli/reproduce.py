"""`codezest grade reproduce`: grade a submission again by what graded it, and say whether the result is the same.

Exit status: 0 the same verdict, points and tests; 1 something differs; 2 it cannot be reproduced.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from codezest import __version__
from codezest.grading import Grade, LanguageUnavailable, UnknownLanguageError
from codezest.grading.canonical import NotCanonicalError
from codezest.kit.database import Database
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.learning.actions.keep_spec import kept_spec
from codezest.services.learning.grading_spec import source_of
from codezest_db.enums import SubmissionPurpose, Verdict
from codezest_db.models.learning import Submission, SubmissionTestResult
from codezest_sandbox import IsolationUnavailable, Tier

AGREES, DIFFERS, CANNOT = 0, 1, 2


class CannotReproduceError(Exception):
    """There is nothing to compare, or nothing to compare it by; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    what: str
    """`verdict`, `score`, `status`, `tests`, or `test 3 "name": points`."""
    stored: Any
    now: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """`differences` decide; `surroundings` may explain them: runtime, sandbox tier, version of the grader."""

    submission_id: UUID
    spec_sha256: str
    agrees: bool
    differences: tuple[Difference, ...]
    surroundings: tuple[Difference, ...]


def run_reproduce(settings: Settings, arguments: argparse.Namespace) -> int:
    """Compare and print; returns the exit status."""
    try:
        with database_for(settings.database_url, settings.data_dir) as url:
            found = asyncio.run(_reproduce(settings, url, arguments.submission))
    except (CannotReproduceError, IsolationUnavailable) as error:
        if arguments.json:
            print(json.dumps({"submission_id": str(arguments.submission), "agrees": None, "reason": str(error)}))
        else:
            print(f"It cannot be reproduced: {error}", file=sys.stderr)
        return CANNOT
    print(json.dumps(asdict(found), default=str) if arguments.json else as_text(found))
    return AGREES if found.agrees else DIFFERS


async def _reproduce(settings: Settings, url: str, submission_id: UUID) -> Reproduction:
    from codezest.grading import Grader

    database = Database(url)
    grader = Grader(required_tier=Tier[settings.sandbox_tier], python=settings.sandbox_python or None, prewarmed=0)
    try:
        await asyncio.to_thread(grader.start)
        return await reproduce(database, grader, submission_id)
    finally:
        await asyncio.to_thread(grader.close)
        await database.close()


async def reproduce(database: Database, grader: Any, submission_id: UUID) -> Reproduction:
    """Grade a submission by the specification that is kept with its verdict. Nothing is stored.

    Raises:
        CannotReproduceError: there is no verdict, no specification, or the grader fails now.
        IsolationUnavailable: programs cannot be isolated here.
    """
    async with database.write("learning") as session:
        submission = await session.get(Submission, submission_id)
        if submission is None:
            raise CannotReproduceError(f"there is no submission {submission_id}")
        if submission.purpose is SubmissionPurpose.PLAYGROUND:
            raise CannotReproduceError("a program that was only run has no verdict")
        if submission.verdict is None:
            raise CannotReproduceError(f"it has no verdict yet, but is {submission.status}")
        if submission.spec_sha256 is None:
            raise CannotReproduceError("what it was graded by was not kept with it")
        try:
            spec = await kept_spec(session, submission.spec_sha256)
        except (NoResultFound, NotCanonicalError) as error:
            raise CannotReproduceError(f"what it was graded by cannot be read: {error}") from error
        results = (
            await session.scalars(
                select(SubmissionTestResult)
                .where(SubmissionTestResult.submission_id == submission_id)
                .order_by(SubmissionTestResult.position)
            )
        ).all()
    try:
        grade: Grade = await grader.grade(spec, source_of(spec, submission.code or "", submission.files))
    except (LanguageUnavailable, UnknownLanguageError) as error:
        raise CannotReproduceError(str(error)) from error
    if grade.verdict is Verdict.IE:
        raise CannotReproduceError(f"the grader failed: {grade.fault or 'its log says more'}")
    differences = compare(submission, results, grade)
    return Reproduction(
        submission_id=submission_id,
        spec_sha256=submission.spec_sha256,
        agrees=not differences,
        differences=differences,
        surroundings=_differing(
            ("runtime", submission.runtime, grade.runtime),
            ("sandbox tier", submission.sandbox_tier, grade.tier),
            ("grader version", submission.grader_version, __version__),
        ),
    )


def compare(submission: Submission, results: Any, grade: Grade) -> tuple[Difference, ...]:
    """What of the stored result is not what was found now. Times and memory are measurements, and never compared."""
    pairs: list[tuple[str, Any, Any]] = [
        ("status", submission.status, grade.status),
        ("verdict", submission.verdict, grade.verdict),
        ("score", submission.score, min(grade.score, submission.max_score)),
        ("tests", len(results), len(grade.outcomes)),
    ]
    for number, (result, outcome) in enumerate(zip(results, grade.outcomes, strict=False), start=1):
        name = f"test {number} {result.name!r}"
        pairs += [
            (f"{name}: name", result.name, outcome.name),
            (f"{name}: verdict", result.verdict, outcome.verdict),
            (f"{name}: points", result.points, outcome.points),
            (f"{name}: most points", result.max_points, outcome.max_points),
        ]
    return _differing(*pairs)


def _differing(*pairs: tuple[str, Any, Any]) -> tuple[Difference, ...]:
    return tuple(Difference(what=what, stored=stored, now=now) for what, stored, now in pairs if stored != now)


def as_text(found: Reproduction) -> str:
    """The comparison for people."""
    lines = [
        f"Submission {found.submission_id}, graded by {found.spec_sha256[:16]}: "
        + ("the result is the same." if found.agrees else f"{len(found.differences)} differences.")
    ]
    lines += [f"  {one.what}: {one.stored} is stored, {one.now} was found" for one in found.differences]
    if found.surroundings:
        lines.append("What has changed around it since:")
        lines += [f"  {one.what}: {one.stored} then, {one.now} now" for one in found.surroundings]
    return "\n".join(lines)
