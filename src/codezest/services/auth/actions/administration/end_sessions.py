"""End sessions of somebody else."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.services.auth import policies, repository
from codezest.services.auth.errors import SessionNotFound
from codezest.services.auth.rules import Origin
from codezest_db.models.auth import Session


async def end_session(session: AsyncSession, actor: Actor, user_id: UUID, session_id: UUID, origin: Origin) -> None:
    """End one session of a user.

    Raises:
        Unauthenticated, Forbidden, UserNotFound, OwnAccount: see `access_managed_user`.
        SessionNotFound: they have no live session of this id.
    """
    user = await policies.access_managed_user(session, actor, user_id, proved=False)
    ended = await session.scalar(
        update(Session)
        .where(Session.id == session_id, Session.user_id == user.id, Session.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Session.id)
    )
    if ended is None:
        raise SessionNotFound
    repository.audit(session, "user.session_ended", actor_user_id=actor.user_id, subject_id=user.id, origin=origin)


async def end_all_sessions(session: AsyncSession, actor: Actor, user_id: UUID, origin: Origin) -> None:
    """End every session and every token of a user.

    Raises:
        Unauthenticated, Forbidden, UserNotFound, OwnAccount: see `access_managed_user`.
    """
    user = await policies.access_managed_user(session, actor, user_id, proved=False)
    await repository.revoke_sessions(session, user.id)
    await repository.revoke_tokens(session, user.id)
    repository.audit(session, "user.sessions_ended", actor_user_id=actor.user_id, subject_id=user.id, origin=origin)
