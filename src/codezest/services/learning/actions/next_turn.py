"""The round of the queue that a learner's next program belongs to: submissions and programs of questions share the rounds."""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Literals where an index has a condition: PostgreSQL cannot prove it of a parameter. Nulls are passed over.
_PRESENT = """coalesce(
    least(
        (SELECT min(s.turn) FROM learning.submissions s
         WHERE s.status IN ('PENDING', 'RUNNING') AND s.deleted_at IS NULL),
        (SELECT min(q.turn) FROM learning.question_runs q WHERE q.status IN ('PENDING', 'RUNNING'))),
    greatest((SELECT max(s.turn) FROM learning.submissions s), (SELECT max(q.turn) FROM learning.question_runs q)), 0)"""
NEXT_TURN = f"""greatest(
    (SELECT max(s.turn) + 1 FROM learning.submissions s WHERE s.user_id = :user_id),
    (SELECT max(q.turn) + 1 FROM learning.question_runs q WHERE q.user_id = :user_id),
    {_PRESENT})"""
"""SQL with the parameter `user_id`; see `queue_program` for what a round is."""
_TURN = text(f"SELECT {NEXT_TURN}")
_PRESENT_TURN = text(f"SELECT {_PRESENT}")


async def next_turn(session: AsyncSession, user_id: UUID | None) -> int:
    """The round after the learner's last, but never one that is over; without a learner, the present one."""
    found = await (session.scalar(_PRESENT_TURN) if user_id is None else session.scalar(_TURN, {"user_id": user_id}))
    return int(found or 0)
