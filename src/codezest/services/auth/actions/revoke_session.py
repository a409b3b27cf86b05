"""End one session, or all others."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.services.auth import repository
from codezest.services.auth.errors import SessionNotFound
from codezest_db.models.auth import Session


async def revoke_session(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's sessions.

    Raises:
        Unauthenticated: nobody is signed in.
        SessionNotFound: the actor has no live session of this id.
    """
    ended = await session.execute(
        update(Session)
        .where(Session.id == session_id, Session.user_id == actor.require_user(), Session.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Session.id)
    )
    if ended.scalar_one_or_none() is None:
        raise SessionNotFound


async def revoke_other_sessions(session: AsyncSession, actor: Actor) -> int:
    """End every session of the actor but the one of this request; returns how many ended.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    return await repository.revoke_sessions(session, actor.require_user(), keep=actor.session_id)
