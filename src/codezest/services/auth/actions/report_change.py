"""Record an act on how an account is entered, and tell the account's owner by mail."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.services.auth import repository
from codezest.services.auth.rules import Origin


async def report_change(
    session: AsyncSession, act: str, *, user_id: UUID, origin: Origin, actor_user_id: UUID | None, **details: str
) -> None:
    """Write the audit entry and ask for the letter.

    Args:
        session: the open transaction.
        act: a name that `letters.notice` has words for.
        user_id: whose account it is.
        origin: where the request came from.
        actor_user_id: who acted; None where nobody had proved who they are.
        details: what to keep with the entry; it is never mailed.
    """
    entry = repository.audit(session, act, actor_user_id=actor_user_id, subject_id=user_id, origin=origin, **details)
    await session.flush()
    await enqueue(session, "auth.send_notice", {"audit_id": entry.id}, priority=INTERACTIVE)
