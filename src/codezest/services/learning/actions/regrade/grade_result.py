"""Grade one submission of a regrade: take it, and store beside it what was found. The submission itself stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest import __version__
from codezest.grading import Grade, GradingSpec
from codezest.services.learning.actions.name_spec import written
from codezest.services.learning.actions.record_grade import feedback_of, result_row
from codezest.services.learning.actions.regrade.begin_regrade import (
    ADD_RESULTS,
    current_spec_and_tests,
    fail_regrade,
)
from codezest.services.learning.actions.regrade.foresee import foresee
from codezest.services.learning.errors import NothingToRun, NotRunnable
from codezest.services.learning.grading_spec import source_of
from codezest.services.learning.rules.timing import after_penalty
from codezest_db.enums import RegradeStatus, SubmissionStatus, Verdict
from codezest_db.models.learning import Assignment, Regrade, RegradeResult, Submission

LEASE = timedelta(minutes=2)
"""How long a submission that is taken is left to whoever took it, unless they renew it. Grading one twice harms nobody."""
MAX_ATTEMPTS = 3
MAX_PICK_UPS = 5
"""How often a program is begun, failures included, until it is taken for one that kills whoever runs it."""
RETRY_DELAY = timedelta(seconds=5)
NOT_RUN = "The grader could not run it; the worker's log says more."
KILLS_WORKERS = f"Whoever graded it was gone before it ended, {MAX_PICK_UPS} times; the workers' logs say more."
CHANGED_AGAIN = "The assignment was changed while its submissions were being graded. Ask for another regrade."

CLAIM = """
UPDATE learning.regrade_results taken SET attempts = taken.attempts + 1, claimed_until = now() + :lease
WHERE taken.id = (
    SELECT r.id FROM learning.regrade_results r JOIN learning.regrades g ON g.id = r.regrade_id
    WHERE r.regrade_id = :regrade_id AND g.status = 'PREVIEWING'
      AND r.graded_at IS NULL AND (r.claimed_until IS NULL OR r.claimed_until < now())
    ORDER BY r.attempts, r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
RETURNING taken.id, taken.submission_id, taken.attempts
"""

FREE = """
SELECT EXISTS (
    SELECT FROM learning.regrade_results r JOIN learning.regrades g ON g.id = r.regrade_id
    WHERE r.regrade_id = :regrade_id AND g.status = 'PREVIEWING'
      AND r.graded_at IS NULL AND (r.claimed_until IS NULL OR r.claimed_until < now()))
"""

UNGRADED = (
    "SELECT EXISTS (SELECT FROM learning.regrade_results r WHERE r.regrade_id = :regrade_id AND r.graded_at IS NULL)"
)

STILL_GRADED_BY_THE_FORMER = """
SELECT EXISTS (
    SELECT FROM learning.submissions s JOIN learning.regrades g ON g.assignment_id = s.assignment_id
    WHERE g.id = :regrade_id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL AND s.submitted_at < g.created_at
      AND (s.status = 'RUNNING' AND s.started_at BETWEEN now() - CAST(:longest AS interval) AND g.created_at
        OR s.status = 'PENDING' AND g.created_at > now() - CAST(:beginning AS interval)))
"""
"""Whether there are submissions whose grading may have read the tests before they changed: their verdicts are to come.

One that waits will be graded by the present tests, unless a worker was just about to begin it when the regrade began. One
that runs for ever has lost its worker. Where that guess is wrong, applying finds out, and refuses.
"""
LONGEST_GRADING = timedelta(minutes=30)
LONGEST_BEGINNING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """What a regrade grades by."""

    spec: GradingSpec
    kinds_of_case: tuple[str | None, ...]
    begun_with: str
    """Name of the specification that the regrade began with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One submission to grade."""

    result_id: UUID
    submission_id: UUID
    attempt: int
    late_penalty_percent: int
    source: str | Mapping[str, str]
    """The program; by path where it has several files."""


class NextStep(Enum):
    """What a regrade wants now."""

    GRADE = "GRADE"
    WAIT = "WAIT"
    """Others are at work, or a failed one is to be tried later."""
    NOTHING = "NOTHING"


async def load_harness(session: AsyncSession, regrade_id: UUID) -> Harness | None:
    """What to grade by, if `is_still_asked_for`; None when the regrade is not under way, or nothing can be graded any more."""
    regrade = await session.get(Regrade, regrade_id)
    if regrade is None or regrade.status is not RegradeStatus.PREVIEWING:
        return None
    assignment = await session.get_one(Assignment, regrade.assignment_id)
    try:
        spec, tests = await current_spec_and_tests(session, assignment)
    except (NotRunnable, NothingToRun):
        await fail_regrade(session, regrade_id, CHANGED_AGAIN)
        return None
    return Harness(spec=spec, kinds_of_case=tuple(test.kind_of_case for test in tests), begun_with=regrade.spec_sha256)


def is_still_asked_for(harness: Harness) -> bool:
    """Whether the assignment still grades by what the regrade began with. May take long: call it in a thread."""
    return written(harness.spec).name == harness.begun_with


async def take_next(session: AsyncSession, regrade_id: UUID, harness: Harness) -> Taken | None:
    """Take a submission that nobody grades at the moment."""
    while True:
        row = (await session.execute(text(CLAIM), {"regrade_id": regrade_id, "lease": LEASE})).one_or_none()
        if row is None:
            return None
        if row.attempts <= MAX_PICK_UPS:
            break
        await _store(session, row.id, _not_run(KILLS_WORKERS))
    submission = (
        await session.execute(
            select(Submission.code, Submission.files, Submission.late_penalty_percent).where(
                Submission.id == row.submission_id
            )
        )
    ).one()
    return Taken(
        result_id=row.id,
        submission_id=row.submission_id,
        attempt=row.attempts,
        late_penalty_percent=submission.late_penalty_percent,
        source=source_of(harness.spec, submission.code or "", submission.files),
    )


async def renew(session: AsyncSession, taken: Taken) -> None:
    """Let whoever grades it have another `LEASE`."""
    await _store(session, taken.result_id, {"claimed_until": func.now() + LEASE})


async def record_result(session: AsyncSession, harness: Harness, taken: Taken, grade: Grade | None) -> None:
    """Store what grading found, unless somebody else was faster.

    Where we failed (no grade, or verdict IE), it is tried again later; after the last attempt it says ERROR.
    """
    if grade is not None and grade.verdict is not Verdict.IE:
        score = min(grade.score, harness.spec.max_score)
        values: dict[str, Any] = {
            "graded_at": func.now(),
            "new_status": grade.status,
            "new_verdict": grade.verdict,
            "new_score": after_penalty(score, taken.late_penalty_percent),
            "new_raw_score": score if taken.late_penalty_percent else None,
            "new_max_score": harness.spec.max_score,
            "feedback": feedback_of(grade),
            "compile_output": grade.compile_output,
            "runtime": grade.runtime,
            "sandbox_tier": grade.tier,
            "grader_version": __version__,
            "tests": _rows(harness, grade),
        }
    elif taken.attempt >= MAX_ATTEMPTS:
        values = _not_run((grade.fault if grade is not None else None) or NOT_RUN)
    else:
        values = {"claimed_until": func.now() + taken.attempt * RETRY_DELAY}
    await _store(session, taken.result_id, values)


def _not_run(why: str) -> dict[str, Any]:
    return {
        "graded_at": func.now(),
        "new_status": SubmissionStatus.ERROR,
        "new_verdict": Verdict.IE,
        "feedback": why,
    }


async def _store(session: AsyncSession, result_id: UUID, values: dict[str, Any]) -> None:
    await session.execute(
        update(RegradeResult)
        .where(RegradeResult.id == result_id, RegradeResult.graded_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _rows(harness: Harness, grade: Grade) -> Sequence[dict[str, Any]]:
    return [result_row(harness.spec, harness.kinds_of_case, outcome) for outcome in grade.outcomes]


async def next_step(session: AsyncSession, regrade_id: UUID) -> NextStep:
    """What to do next; once every submission is graded, the regrade becomes READY, and says what it would change."""
    values = {"regrade_id": regrade_id}
    if await session.scalar(text(FREE), values):  # the usual answer, whose cost does not grow with the set
        return NextStep.GRADE
    regrade = await session.scalar(
        select(Regrade).where(Regrade.id == regrade_id).with_for_update().execution_options(populate_existing=True)
    )
    if regrade is None or regrade.status is not RegradeStatus.PREVIEWING:
        return NextStep.NOTHING
    await session.execute(text(ADD_RESULTS), values)  # what the former tests gave verdicts to in the meantime
    if await session.scalar(text(FREE), values):
        return NextStep.GRADE
    if await session.scalar(text(UNGRADED), values) or await session.scalar(
        text(STILL_GRADED_BY_THE_FORMER), values | {"longest": LONGEST_GRADING, "beginning": LONGEST_BEGINNING}
    ):
        return NextStep.WAIT
    await foresee(session, regrade_id)
    regrade.status = RegradeStatus.READY
    regrade.ready_at = func.now()
    await session.flush()
    return NextStep.NOTHING
