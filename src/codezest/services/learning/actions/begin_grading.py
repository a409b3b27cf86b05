"""Take a submission for grading, with all that grading needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import GradingLimits, GradingSpec, TestSpec
from codezest.services.learning.actions.queue_program import UNFINISHED
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.models.learning import Assignment, AssignmentTest, Submission

PLAYGROUND_TEST = "Your program"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingTask:
    """One submission to grade; `tests_revision` names the tests it is graded by."""

    submission_id: UUID
    code: str
    submitted_at: datetime
    spec: GradingSpec
    tests_revision: str | None
    kinds_of_case: tuple[str | None, ...]
    """What each test tries, in words for learners."""


async def begin_grading(session: AsyncSession, submission_id: UUID) -> GradingTask | None:
    """Mark the submission as running; None when there is nothing to grade any more.

    A submission that is RUNNING already is taken as well: whoever ran it may be dead, and the result is stored once.
    """
    row = (
        await session.execute(
            update(Submission)
            .where(Submission.id == submission_id, Submission.status.in_(UNFINISHED), Submission.deleted_at.is_(None))
            .values(status=SubmissionStatus.RUNNING, started_at=func.now())
            .returning(
                Submission.purpose,
                Submission.code,
                Submission.stdin,
                Submission.language,
                Submission.max_score,
                Submission.assignment_id,
                Submission.submitted_at,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    kinds: tuple[str | None, ...] = (None,)
    revision: str | None = None
    limits = GradingLimits()
    specs: tuple[TestSpec, ...] = (TestSpec(name=PLAYGROUND_TEST, stdin=row.stdin or "", points=0),)
    if row.assignment_id is not None:
        assignment = await session.get_one(Assignment, row.assignment_id)
        tests = await _tests(session, assignment.id, visible_only=row.purpose is SubmissionPurpose.RUN)
        revision = assignment.tests_revision
        kinds = tuple(test.kind_of_case for test in tests)
        specs = tuple(_spec(assignment, test) for test in tests)
        limits = GradingLimits(
            cpu_seconds=assignment.cpu_seconds,
            wall_seconds=assignment.wall_seconds,
            memory_bytes=assignment.memory_bytes,
            output_bytes=assignment.output_bytes,
        )
    return GradingTask(
        submission_id=submission_id,
        code=row.code or "",
        submitted_at=row.submitted_at,
        spec=GradingSpec(language=row.language or "", tests=specs, limits=limits, max_score=row.max_score),
        tests_revision=revision,
        kinds_of_case=kinds,
    )


async def _tests(session: AsyncSession, assignment_id: UUID, *, visible_only: bool) -> Sequence[AssignmentTest]:
    query = (
        select(AssignmentTest).where(AssignmentTest.assignment_id == assignment_id).order_by(AssignmentTest.position)
    )
    if visible_only:
        query = query.where(AssignmentTest.visible)
    return (await session.scalars(query)).all()


def _spec(assignment: Assignment, test: AssignmentTest) -> TestSpec:
    return TestSpec(
        name=test.name,
        stdin=test.stdin,
        args=tuple(test.args),
        files=test.files,
        expected=test.expected,
        points=test.points,
        visible=test.visible,
        checker=test.checker or assignment.checker,
        checker_options=assignment.checker_options if test.checker_options is None else test.checker_options,
        cpu_seconds=test.cpu_seconds,
        wall_seconds=test.wall_seconds,
        memory_bytes=test.memory_bytes,
    )
