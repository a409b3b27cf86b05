"""End the session of the request."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest_db.models.auth import Session


async def sign_out(session: AsyncSession, actor: Actor) -> None:
    """End the actor's session.

    Raises:
        Unauthenticated: there is none.
    """
    actor.require_user()
    await session.execute(
        update(Session).where(Session.id == actor.session_id, Session.revoked_at.is_(None)).values(revoked_at=now())
    )
