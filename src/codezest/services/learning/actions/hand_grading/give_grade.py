"""Grade work: a row is added to its history, and what is shown to the learner follows from it."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import GradeGiven
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.ask_regrade import announce_decision
from codezest.services.learning.actions.hand_grading.claim_work import claim_work, end_claim
from codezest.services.learning.actions.hand_grading.queue_work import add_work
from codezest.services.learning.actions.hand_grading.release_grades import show
from codezest.services.learning.errors import GradingStale, RubricChanged
from codezest.services.learning.rules import grades
from codezest.services.learning.rules.timing import after_penalty
from codezest.services.learning.schemas.hand_grading import NewGrading
from codezest_db.enums import HandGradingState, RegradeRequestStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import (
    Assignment,
    Course,
    Grading,
    HandGrading,
    RegradeRequest,
    Rubric,
    Submission,
)


async def give_grade(session: AsyncSession, actor: Actor, submission_id: UUID, new: NewGrading) -> Grading:
    """Add a grade. A request for another look that is open is accepted by it.

    Grades of an assignment that holds them are shown later, all at once; one that replaces what the learner sees already is
    shown at once.

    Raises:
        Unauthenticated, NotFound, Forbidden, OwnWork, WorkClaimed, WorkUnfinished: see `claim_work`.
        GradingStale: there is another grade than the one that was looked at.
        RubricChanged: the assignment is graded by another rubric by now.
        ValidationFailed: names the field.
    """
    user_id = actor.require_user()
    claimed = await claim_work(session, actor, submission_id)
    submission = claimed.submission
    assert submission.assignment_id is not None
    assignment = await session.get_one(Assignment, submission.assignment_id)
    course = await session.get_one(Course, claimed.course_id)
    work = await add_work(session, submission, course_id=claimed.course_id)
    if work.grading_id != new.seen:
        raise GradingStale(None if work.grading_id is None else str(work.grading_id))
    reason = (new.reason or "").strip() or None
    if work.grading_id is not None and reason is None:
        raise ValidationFailed.of("reason", _("Say why the grade changes."))
    rubric, scores = await _scored(session, assignment, new)
    marks = _marks(assignment, rubric, scores, new.marks)
    before = work.grading_id or await _keep_the_programs(session, submission)
    grading = Grading(
        id=uuid7(),
        submission_id=submission_id,
        graded_by=user_id,
        marks=marks,
        max_marks=assignment.max_score,
        feedback=(new.feedback or "").strip() or None,
        grade_scale=grades.grade_name(
            course.grade_scale,
            marks=after_penalty(marks, submission.late_penalty_percent),
            max_marks=assignment.max_score,
            passing_score=assignment.passing_score,
        ),
        rubric_id=rubric.id if rubric else None,
        rubric_scores=scores,
        reason=reason,
        replaces_id=before,
    )
    session.add(grading)
    await session.flush()
    work.grading_id, work.graded_at = grading.id, func.now()
    work.state = HandGradingState.HELD
    await session.flush()
    if not assignment.hold_grades or work.released_grading_id is not None:
        await show(session, [submission_id], assignment.id)
    await _announce(session, work, grading)
    await _accept_request(session, actor, work, grading)
    await end_claim(session, submission_id, user_id)
    return grading


async def _announce(session: AsyncSession, work: HandGrading, grading: Grading) -> None:
    former = None if grading.replaces_id is None else await session.get_one(Grading, grading.replaces_id)
    assert grading.graded_by is not None
    await outbox.publish(
        session,
        GradeGiven(
            actor_user_id=grading.graded_by,
            course_id=work.course_id,
            assignment_id=work.assignment_id,
            submission_id=work.submission_id,
            grading_id=grading.id,
            former_grading_id=former.id if former else None,
            former_marks=former.marks if former else None,
            marks=grading.marks,
            max_marks=grading.max_marks,
            reason=grading.reason,
        ),
    )


async def _scored(
    session: AsyncSession, assignment: Assignment, new: NewGrading
) -> tuple[Rubric | None, dict[str, dict[str, Any]]]:
    """The rubric and the scores as they are kept. The rubric can be changed by nobody until the transaction ends.

    Raises:
        RubricChanged, ValidationFailed: as `give_grade` says.
    """
    if new.rubric_id != assignment.rubric_id:
        raise RubricChanged
    if new.rubric_id is None:
        if new.scores:
            raise RubricChanged
        return None, {}
    rubric = await session.scalar(select(Rubric).where(Rubric.id == new.rubric_id).with_for_update(read=True))
    if rubric is None or rubric.archived_at is not None:
        raise RubricChanged
    given = {key: score.model_dump() for key, score in new.scores.items()}
    try:
        return rubric, grades.completed_scores(rubric.criteria, given)
    except ValueError as error:
        raise ValidationFailed.of("scores", str(error)) from None


def _marks(assignment: Assignment, rubric: Rubric | None, scores: dict[str, dict[str, Any]], given: int | None) -> int:
    """The marks given, or what the rubric comes to.

    Raises:
        ValidationFailed: there are none, or too many.
    """
    computed = grades.marks_by_rubric(rubric.criteria, scores, max_marks=assignment.max_score) if rubric else None
    marks = computed if given is None else given
    if marks is None:
        message = (
            _("Choose a level of every criterion, or give the marks yourself.") if rubric else _("Give the marks.")
        )
        raise ValidationFailed.of("marks", message)
    if marks > assignment.max_score:
        raise ValidationFailed.of("marks", _("At most %(most)s marks can be given.") % {"most": assignment.max_score})
    return marks


async def _keep_the_programs(session: AsyncSession, submission: Submission) -> UUID | None:
    """What the tests gave becomes the first row of the history that a person's grade continues."""
    if submission.verdict is None or submission.score is None or submission.max_score == 0:
        return None
    kept = Grading(
        id=uuid7(),
        submission_id=submission.id,
        marks=submission.score if submission.raw_score is None else submission.raw_score,
        max_marks=submission.max_score,
        is_manual=False,
        graded_at=submission.graded_at or func.now(),
    )
    session.add(kept)
    await session.flush()
    return kept.id


async def _accept_request(session: AsyncSession, actor: Actor, work: HandGrading, grading: Grading) -> None:
    accepted = await session.scalar(
        update(RegradeRequest)
        .where(RegradeRequest.submission_id == work.submission_id, RegradeRequest.status == RegradeRequestStatus.OPEN)
        .values(
            status=RegradeRequestStatus.ACCEPTED,
            reply=grading.reason,
            decided_by=grading.graded_by,
            decided_at=func.now(),
            new_grading_id=grading.id,
        )
        .returning(RegradeRequest)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if accepted is not None:
        await announce_decision(session, actor, accepted)
