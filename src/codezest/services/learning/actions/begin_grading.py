"""Take a submission for grading, with all that grading needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import GradingSpec
from codezest.services.learning.actions.queue_program import UNFINISHED
from codezest.services.learning.grading_spec import assignment_spec, own_input_spec, playground_spec, source_of
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.models.learning import Assignment, AssignmentTest, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingTask:
    """One submission to grade; `tests_revision` names the tests it is graded by."""

    submission_id: UUID
    source: str | Mapping[str, str]
    """The program; by path where it has several files."""
    submitted_at: datetime
    spec: GradingSpec
    tests_revision: str | None
    kinds_of_case: tuple[str | None, ...]
    """What each test tries, in words for learners."""
    pick_ups: int
    """How often it has been begun, this time included."""
    reproducible: bool = True
    """Whether the specification is kept with the verdict; a program that is only run has its input for that."""


async def begin_grading(session: AsyncSession, submission_id: UUID) -> GradingTask | None:
    """Mark the submission as running; None when there is nothing to grade any more.

    A submission that is RUNNING already is taken as well: whoever ran it may be dead, and the result is stored once.
    """
    row = (
        await session.execute(
            update(Submission)
            .where(Submission.id == submission_id, Submission.status.in_(UNFINISHED), Submission.deleted_at.is_(None))
            .values(status=SubmissionStatus.RUNNING, started_at=func.now(), pick_ups=Submission.pick_ups + 1)
            .returning(
                Submission.purpose,
                Submission.code,
                Submission.files,
                Submission.stdin,
                Submission.language,
                Submission.max_score,
                Submission.assignment_id,
                Submission.submitted_at,
                Submission.pick_ups,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    language = row.language or ""
    if row.assignment_id is None:
        return GradingTask(
            submission_id=submission_id,
            source=row.code or "",
            submitted_at=row.submitted_at,
            spec=playground_spec(language=language, stdin=row.stdin or "", max_score=row.max_score),
            tests_revision=None,
            kinds_of_case=(None,),
            pick_ups=row.pick_ups,
            reproducible=False,
        )
    assignment = await session.get_one(Assignment, row.assignment_id)
    if row.purpose is SubmissionPurpose.RUN and row.stdin is not None:
        spec = own_input_spec(assignment, language=language, stdin=row.stdin, max_score=row.max_score)
        return GradingTask(
            submission_id=submission_id,
            source=source_of(spec, row.code or "", row.files),
            submitted_at=row.submitted_at,
            spec=spec,
            tests_revision=None,
            kinds_of_case=(None,),
            pick_ups=row.pick_ups,
            reproducible=False,
        )
    tests = await load_tests(session, assignment.id, visible_only=row.purpose is SubmissionPurpose.RUN)
    spec = assignment_spec(assignment, tests, language=language, max_score=row.max_score)
    return GradingTask(
        submission_id=submission_id,
        source=source_of(spec, row.code or "", row.files),
        submitted_at=row.submitted_at,
        spec=spec,
        tests_revision=assignment.tests_revision,
        kinds_of_case=tuple(test.kind_of_case for test in tests),
        pick_ups=row.pick_ups,
    )


async def give_back(session: AsyncSession, submission_id: UUID) -> None:
    """Take back the last pick-up: whoever began it lives, and could only not store what came of it."""
    await session.execute(
        update(Submission)
        .where(Submission.id == submission_id, Submission.status.in_(UNFINISHED), Submission.pick_ups > 0)
        .values(pick_ups=Submission.pick_ups - 1)
    )


async def load_tests(session: AsyncSession, assignment_id: UUID, *, visible_only: bool) -> Sequence[AssignmentTest]:
    """The tests of an assignment, in order."""
    query = (
        select(AssignmentTest).where(AssignmentTest.assignment_id == assignment_id).order_by(AssignmentTest.position)
    )
    if visible_only:
        query = query.where(AssignmentTest.visible)
    return (await session.scalars(query)).all()
