"""Close attempts whose time is over."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.actions.draw_questions import asked_in
from codezest.services.learning.actions.grade_attempt import Place, grade_attempt, saved_answers
from codezest.services.learning.policies.terms import granted, terms
from codezest.services.learning.rules import SUBMIT_GRACE
from codezest.services.learning.rules.timing import Terms
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import Enrollment, Module, Quiz, QuizAttempt

MOST_AT_ONCE = 200
"""Enrollments stay locked until the transaction ends, so that one run closes no more than these."""

TERMS = text(f"""
SELECT {terms("QUIZ")}
FROM learning.quizzes i
JOIN learning.modules m ON m.id = i.module_id
JOIN learning.courses c ON c.id = m.course_id
{granted("QUIZ", learner=":user_id")}
WHERE i.id = :quiz_id
""")


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
        select(QuizAttempt, Quiz, Module.course_id)
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
    if len(found) > 1:
        await _lock_enrollments(session, [(attempt.user_id, course_id) for attempt, _quiz, course_id in found])
    for attempt, quiz, course_id in found:
        asked = await asked_in(session, attempt)
        moment = attempt.deadline_at or attempt.started_at
        await grade_attempt(
            session,
            attempt,
            asked,
            saved_answers(attempt.saved, asked),
            place=place_of(quiz, course_id),
            late=(await terms_of_learner(session, quiz.id, attempt.user_id)).lateness(moment),
            moment=moment,
            timezone=str(attempt.saved.get("timezone", "UTC")),
        )
    return len(found)


async def _lock_enrollments(session: AsyncSession, learners: Sequence[tuple[UUID, UUID]]) -> None:
    """By id, as everything that locks several, and before anything else of progress."""
    await session.execute(
        select(Enrollment.id)
        .where(tuple_(Enrollment.user_id, Enrollment.course_id).in_(learners))
        .order_by(Enrollment.id)
        .with_for_update()
    )


def place_of(quiz: Quiz, course_id: UUID) -> Place:
    return Place(
        course_id=course_id,
        module_id=quiz.module_id,
        passing_score=quiz.passing_score,
        scoring=quiz.scoring,
        wrong_penalty_percent=quiz.wrong_penalty_percent,
    )


async def terms_of_learner(session: AsyncSession, quiz_id: UUID, user_id: UUID) -> Terms:
    """The terms on which a learner takes a quiz that exists."""
    row = (await session.execute(TERMS, {"quiz_id": quiz_id, "user_id": user_id})).mappings().one()
    return Terms.of({str(name): value for name, value in row.items()})
