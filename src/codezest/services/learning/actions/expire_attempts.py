"""Close attempts whose time is over."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.rules import SUBMIT_GRACE
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import QuizAttempt


def time_is_over() -> ColumnElement[bool]:
    """Of attempts that nobody has submitted and nobody can submit any more."""
    return (QuizAttempt.status == AttemptStatus.IN_PROGRESS) & (QuizAttempt.deadline_at + SUBMIT_GRACE < func.now())


async def expire_attempts(session: AsyncSession, *, user_id: UUID | None = None, quiz_id: UUID | None = None) -> None:
    """Mark them as EXPIRED and not passed; everybody's, or one learner's at one quiz."""
    statement = update(QuizAttempt).where(time_is_over())
    if user_id is not None:
        statement = statement.where(QuizAttempt.user_id == user_id)
    if quiz_id is not None:
        statement = statement.where(QuizAttempt.quiz_id == quiz_id)
    await session.execute(
        statement.values(
            status=AttemptStatus.EXPIRED, completed_at=QuizAttempt.deadline_at, passed=False, score=0
        ).execution_options(synchronize_session=False)
    )
