"""Loading and authorising in one step."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import Forbidden
from codezest.services.auth import repository
from codezest.services.auth.errors import OwnAccount, UserNotFound
from codezest_db.enums import Role
from codezest_db.models.auth import User


async def access_managed_user(session: AsyncSession, actor: Actor, user_id: UUID) -> User:
    """A user whom the actor may change, locked together with the actor.

    Nobody changes their own standing, and of two administrators who demote each other at once the second is no longer one:
    so an administrator always remains.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        OwnAccount: it is the actor's own account.
        UserNotFound: there is no such user.
    """
    actor_id = actor.require_admin()
    if actor_id == user_id:
        raise OwnAccount
    users = await repository.users_for_update(session, actor_id, user_id)
    if actor_id not in users or users[actor_id].role is not Role.ADMIN:
        raise Forbidden("Only an administrator may do this.")
    if user_id not in users:
        raise UserNotFound
    return users[user_id]
