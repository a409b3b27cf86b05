"""Keep one's account after all."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import Unauthenticated
from codezest.services.auth import repository
from codezest.services.auth.rules import Origin


async def cancel_deletion(session: AsyncSession, actor: Actor, origin: Origin) -> None:
    """Take the request back; nothing happens where there is none.

    Raises:
        Unauthenticated: nobody is signed in, or the account was deleted a moment ago.
    """
    user = await repository.user_for_update(session, actor.require_user())
    if user is None:
        raise Unauthenticated
    if user.deletion_requested_at is not None:
        user.deletion_requested_at = None
        repository.audit(session, "user.deletion_cancelled", actor_user_id=user.id, subject_id=user.id, origin=origin)
