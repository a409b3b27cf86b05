"""Store what grading found, once, and all that follows from it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest import __version__
from codezest.events.learning import SolutionGraded
from codezest.grading import Grade, GradingSpec, TestOutcome
from codezest.kit import outbox
from codezest.kit.broadcast import SUBMISSIONS_CHANNEL, notify
from codezest.kit.database import driver_connection
from codezest.services.learning import rules
from codezest.services.learning.actions.begin_grading import GradingTask
from codezest.services.learning.actions.count_study import count_solved
from codezest.services.learning.actions.hand_grading.queue_work import queue_work
from codezest.services.learning.actions.keep_spec import keep_spec
from codezest.services.learning.actions.queue_program import UNFINISHED
from codezest.services.learning.actions.record_progress import record_progress
from codezest.services.learning.rules.timing import after_penalty
from codezest_db.enums import SubmissionPurpose, SubmissionStatus, Verdict
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Module, Submission, SubmissionTestResult


async def record_grade(session: AsyncSession, task: GradingTask, grade: Grade) -> bool:
    """Store the grade, recount progress, publish what was reached, and tell who waits when this is committed.

    Returns:
        False when the submission was graded before: then nothing is changed.
    """
    submission = await _unfinished(session, task.submission_id)
    if submission is None:
        return False
    await session.execute(delete(SubmissionTestResult).where(SubmissionTestResult.submission_id == submission.id))
    if grade.outcomes:
        await session.execute(
            insert(SubmissionTestResult),
            [
                {"id": uuid7(), "submission_id": submission.id} | result_row(task.spec, task.kinds_of_case, outcome)
                for outcome in grade.outcomes
            ],
        )
    submission.status = grade.status
    submission.verdict = grade.verdict
    charge(submission, grade.score)
    submission.feedback = feedback_of(grade)
    submission.compile_output = grade.compile_output
    submission.runtime = grade.runtime
    submission.sandbox_tier = grade.tier
    submission.grader_version = __version__
    submission.tests_revision = task.tests_revision
    if task.reproducible:
        submission.spec_sha256 = await keep_spec(session, task.spec)
    await _finish(session, submission)
    return True


def charge(submission: Submission, score: int) -> None:
    """Give a submission its score, less what lateness takes away of it."""
    raw, percent = min(score, submission.max_score), submission.late_penalty_percent
    submission.raw_score = raw if percent else None
    submission.score = after_penalty(raw, percent)


async def record_failure(session: AsyncSession, submission_id: UUID, feedback: str) -> bool:
    """Give up on a submission that could not be run: status ERROR, and a feedback that says whose fault it is.

    Returns:
        False when the submission was graded before: then nothing is changed.
    """
    submission = await _unfinished(session, submission_id)
    if submission is None:
        return False
    submission.status = SubmissionStatus.ERROR
    submission.verdict = Verdict.IE
    submission.score = 0
    submission.feedback = feedback
    await _finish(session, submission)
    return True


async def _unfinished(session: AsyncSession, submission_id: UUID) -> Submission | None:
    return await session.scalar(
        select(Submission).where(Submission.id == submission_id, Submission.status.in_(UNFINISHED)).with_for_update()
    )


async def _finish(session: AsyncSession, submission: Submission) -> None:
    submission.graded_at = func.now()
    await session.flush()
    if submission.purpose is SubmissionPurpose.SUBMIT:
        assert submission.assignment_id is not None
        found = await session.execute(
            select(Module.id, Module.course_id, Assignment.graded_by_hand)
            .join(Assignment, Assignment.module_id == Module.id)
            .where(Assignment.id == submission.assignment_id)
        )
        module_id, course_id, graded_by_hand = found.one()
        if graded_by_hand:
            await queue_work(session, submission, course_id=course_id)
        assert submission.verdict is not None
        await record_progress(session, submission.user_id, course_id=course_id, module_id=module_id)
        if submission.status is SubmissionStatus.PASSED:
            await count_solved(session, submission.user_id, submission.assignment_id, submission.id)
        await outbox.publish(
            session,
            SolutionGraded(
                user_id=submission.user_id,
                course_id=course_id,
                assignment_id=submission.assignment_id,
                submission_id=submission.id,
                status=submission.status.value,
                verdict=submission.verdict.value,
                score=submission.score or 0,
                max_score=submission.max_score,
            ),
        )
    await notify(await driver_connection(session), SUBMISSIONS_CHANNEL, str(submission.id), {"kind": "final"})


def feedback_of(grade: Grade) -> str:
    """What the learner may read of the grade's feedback."""
    return rules.public_feedback(grade.feedback, [outcome.message for outcome in grade.outcomes if not outcome.visible])


def result_row(spec: GradingSpec, kinds_of_case: Sequence[str | None], outcome: TestOutcome) -> dict[str, Any]:
    """A row of `submission_test_results`, but for its id and its submission's: JSON values for every column.

    Of a hidden test neither what went in nor what came out, since the one may be printed as the other.
    """
    test = spec.tests[outcome.index]
    shown = outcome.visible
    return {
        "position": outcome.index,
        "name": outcome.name,
        "verdict": outcome.verdict.value,
        "points": outcome.points,
        "max_points": outcome.max_points,
        "time_ms": outcome.time_ms,
        "memory_kb": outcome.memory_kb,
        "visible": shown,
        "stdin": test.stdin if shown else None,
        "expected": test.expected if shown else None,
        "stdout": outcome.stdout if shown else None,
        "stderr": outcome.stderr if shown else None,
        "message": outcome.message if shown else kinds_of_case[outcome.index],
        "arguments": list(test.arguments) if shown and test.arguments is not None else None,
        "group_name": test.group,
        "bonus": test.bonus,
        "sample": test.sample,
        "fraction": outcome.fraction,
    }
