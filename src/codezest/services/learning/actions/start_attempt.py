"""Begin a quiz."""

import random
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.services.learning import rules
from codezest.services.learning.actions.expire_attempts import expire_attempts
from codezest.services.learning.errors import AttemptsUsedUp
from codezest.services.learning.policies import access_quiz
from codezest.services.learning.repository import lock_learner
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import Question, QuizAttempt


async def start_attempt(session: AsyncSession, actor: Actor, quiz_id: UUID) -> tuple[UUID, bool]:
    """Begin an attempt, or go on with the one that is running.

    Returns:
        the attempt's id, and whether it is new.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        AttemptsUsedUp: the quiz allows no further attempt.
    """
    user_id = actor.require_user()
    access = await access_quiz(await driver_connection(session), actor, quiz_id)
    await lock_learner(session, user_id)
    await expire_attempts(session, user_id=user_id, quiz_id=quiz_id)
    mine = (QuizAttempt.user_id == user_id) & (QuizAttempt.quiz_id == quiz_id)
    running = await session.scalar(select(QuizAttempt.id).where(mine, QuizAttempt.status == AttemptStatus.IN_PROGRESS))
    if running is not None:
        return running, False
    used = await session.scalar(select(func.coalesce(func.max(QuizAttempt.attempt_number), 0)).where(mine)) or 0
    if access.attempt_limit is not None and used >= access.attempt_limit:
        raise AttemptsUsedUp(access.attempt_limit)
    questions = await session.scalars(
        select(Question.id)
        .where(Question.quiz_id == quiz_id, Question.deleted_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    chosen = rules.draw_questions(
        questions.all(), draw_count=access.draw_count, shuffle=access.shuffle, dice=random.SystemRandom()
    )
    started = now()
    limit = access.time_limit_minutes
    attempt = QuizAttempt(
        user_id=user_id,
        quiz_id=quiz_id,
        attempt_number=used + 1,
        status=AttemptStatus.IN_PROGRESS,
        started_at=started,
        deadline_at=None if limit is None else started + timedelta(minutes=limit),
        question_ids=chosen,
    )
    session.add(attempt)
    await session.flush()
    return attempt.id, True
