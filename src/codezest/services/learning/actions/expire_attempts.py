"""Close attempts whose time is over."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.actions.grade_attempt import Place, asked_in, grade_attempt, saved_answers
from codezest.services.learning.rules import SUBMIT_GRACE
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import Module, Quiz, QuizAttempt

MOST_AT_ONCE = 200
"""Enrollments stay locked until the transaction ends, so that one run closes no more than these."""


def time_is_over() -> ColumnElement[bool]:
    """Of attempts that nobody has submitted and nobody can submit any more."""
    return (QuizAttempt.status == AttemptStatus.IN_PROGRESS) & (QuizAttempt.deadline_at + SUBMIT_GRACE < func.now())


async def expire_attempts(
    session: AsyncSession,
    *,
    user_id: UUID | None = None,
    quiz_id: UUID | None = None,
    attempt_id: UUID | None = None,
) -> int:
    """Mark them as EXPIRED, and grade what was saved until then; everybody's, one learner's at one quiz, or one.

    The deadline is when they ended. Of everybody's those are left for the next run that somebody is working on.

    Returns:
        how many were closed.
    """
    over = (
        select(QuizAttempt, Quiz.passing_score, Quiz.module_id, Module.course_id)
        .join(Quiz, Quiz.id == QuizAttempt.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .where(time_is_over())
        .order_by(QuizAttempt.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=QuizAttempt, skip_locked=user_id is None and attempt_id is None)
    )
    if attempt_id is not None:
        over = over.where(QuizAttempt.id == attempt_id)
    if user_id is not None:
        over = over.where(QuizAttempt.user_id == user_id)
    if quiz_id is not None:
        over = over.where(QuizAttempt.quiz_id == quiz_id)
    found = (await session.execute(over)).all()
    for attempt, passing_score, module_id, course_id in found:
        asked = await asked_in(session, attempt)
        await grade_attempt(
            session,
            attempt,
            asked,
            saved_answers(attempt.saved, asked),
            place=Place(course_id=course_id, module_id=module_id, passing_score=passing_score),
            status=AttemptStatus.EXPIRED,
            moment=attempt.deadline_at or attempt.started_at,
            timezone=str(attempt.saved.get("timezone", "UTC")),
        )
    return len(found)
