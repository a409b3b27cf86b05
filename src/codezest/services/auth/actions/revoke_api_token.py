"""End a program's right to act in one's name."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.services.auth import repository
from codezest.services.auth.errors import ApiTokenNotFound
from codezest.services.auth.rules import Origin
from codezest_db.models.auth import ApiToken


async def revoke_api_token(session: AsyncSession, actor: Actor, token_id: UUID, origin: Origin) -> None:
    """End one of the actor's tokens; its next request is nobody's.

    Raises:
        Unauthenticated: nobody is signed in.
        ApiTokenNotFound: the actor has no such token.
    """
    user_id = actor.require_user()
    ended = await session.scalar(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(ApiToken.id)
    )
    if ended is None:
        raise ApiTokenNotFound
    repository.audit(
        session, "token.revoked", actor_user_id=user_id, subject_type="api_token", subject_id=token_id, origin=origin
    )
