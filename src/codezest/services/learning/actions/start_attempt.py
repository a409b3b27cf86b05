"""Begin a quiz."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.draw_questions import draw_questions, keep_as_asked
from codezest.services.learning.actions.expire_attempts import expire_attempts
from codezest.services.learning.errors import AttemptsUsedUp, ItemNotYetOpen, NotReady
from codezest.services.learning.policies import access_quiz
from codezest.services.learning.policies.terms import accept
from codezest.services.learning.repository import lock_learner
from codezest.services.learning.rules.timing import Window
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import Quiz, QuizAttempt


async def start_attempt(session: AsyncSession, actor: Actor, quiz_id: UUID) -> tuple[UUID, bool]:
    """Begin an attempt, or go on with the one that is running.

    Whatever number of tabs and devices ask at once, one attempt comes of it: learners' transactions that number things run
    one after the other, and the table's own unique indexes say the same.

    Returns:
        the attempt's id, and whether it is new.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        ItemNotYetOpen, ItemClosed, PastDue: it is not the time for it.
        AttemptsUsedUp: the quiz allows no further attempt.
        NotReady: there is nothing to ask.
    """
    user_id = actor.require_user()
    access = await access_quiz(await driver_connection(session), actor, quiz_id)
    await lock_learner(session, user_id)
    await expire_attempts(session, user_id=user_id, quiz_id=quiz_id)
    mine = (QuizAttempt.user_id == user_id) & (QuizAttempt.quiz_id == quiz_id)
    running = await session.scalar(select(QuizAttempt.id).where(mine, QuizAttempt.status == AttemptStatus.IN_PROGRESS))
    if running is not None:
        return running, False
    started = now()
    terms = access.terms
    if terms.window(started) is Window.UPCOMING:
        assert terms.available_from is not None
        raise ItemNotYetOpen(terms.available_from)
    accept(terms, started)
    used = await session.scalar(select(func.coalesce(func.max(QuizAttempt.attempt_number), 0)).where(mine)) or 0
    if terms.attempt_limit is not None and used >= terms.attempt_limit:
        raise AttemptsUsedUp(terms.attempt_limit)
    quiz = await session.get_one(Quiz, quiz_id)
    chosen = await draw_questions(session, quiz, access.course_id)
    if not chosen:
        raise NotReady(["at least one question"])
    attempt = QuizAttempt(
        user_id=user_id,
        quiz_id=quiz_id,
        attempt_number=used + 1,
        status=AttemptStatus.IN_PROGRESS,
        started_at=started,
        deadline_at=terms.deadline(started),
        question_ids=chosen,
        snapshots=await keep_as_asked(session, chosen),
        options_shuffled=quiz.shuffle_options,
    )
    session.add(attempt)
    await session.flush()
    return attempt.id, True
