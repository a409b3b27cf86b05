"""Mark an answer by hand."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import AnswerMarked
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.analyse_attempt import analyse_attempt
from codezest.services.learning.actions.expire_attempts import place_of
from codezest.services.learning.actions.grade_attempt import settle_attempt
from codezest.services.learning.errors import OwnWork
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.rules.scoring import HUNDREDTHS
from codezest_db.models.learning import AnswerMark, Quiz, QuizAnswer, QuizAttempt


async def mark_answer(
    session: AsyncSession, actor: Actor, attempt_id: UUID, question_id: UUID, *, points: Decimal, comment: str | None
) -> None:
    """Give an answer points, in hundredths; the attempt is counted once none of its answers waits any more.

    An answer that was marked before, by somebody or by the key, may be marked again: every mark is kept, the latest counts,
    and the analysis of the attempt follows it unless somebody has written in it.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`; the caller may grade there. What is not handed in has no
            answers yet.
        OwnWork: nobody marks their own answers.
        ValidationFailed: more points than the question has, or smaller parts of one than hundredths.
    """
    grader = actor.require_user()
    course = await access_course_of(await driver_connection(session), actor, "attempt", attempt_id, Permission.GRADE)
    attempt = await session.scalar(select(QuizAttempt).where(QuizAttempt.id == attempt_id).with_for_update())
    if attempt is None:
        raise NotFound
    if attempt.user_id == grader:
        raise OwnWork
    answers = (await session.scalars(select(QuizAnswer).where(QuizAnswer.attempt_id == attempt_id))).all()
    answer = next((one for one in answers if one.question_id == question_id), None)
    if answer is None:
        raise NotFound
    most = answer.max_points or 0
    if not 0 <= points <= most or points * HUNDREDTHS % 1:
        raise ValidationFailed.of("points", _("Give from 0 to %(most)s points, in steps of 0.01.") % {"most": most})
    former = None if answer.is_correct is None else answer.points
    session.add(AnswerMark(answer_id=answer.id, marked_by=grader, points=points, comment=comment))
    answer.points = points
    answer.is_correct = points == most
    await session.flush()
    quiz = await session.get_one(Quiz, attempt.quiz_id)
    await settle_attempt(
        session,
        attempt,
        answers,
        place=place_of(quiz, course.id),
        timezone=str(attempt.saved.get("timezone", "UTC")),
    )
    await analyse_attempt(session, attempt_id)
    await outbox.publish(
        session,
        AnswerMarked(
            actor_user_id=grader,
            course_id=course.id,
            quiz_id=quiz.id,
            attempt_id=attempt_id,
            question_id=question_id,
            user_id=attempt.user_id,
            former_points=None if former is None else f"{former:.2f}",
            points=f"{points:.2f}",
            reason=comment,
        ),
    )
