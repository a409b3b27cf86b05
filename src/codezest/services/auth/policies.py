"""Loading and authorising in one step."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import Forbidden, Unauthenticated
from codezest.kit.i18n import gettext as _
from codezest.services.auth import repository
from codezest.services.auth.errors import OwnAccount, UserNotFound
from codezest.services.auth.ways_in import rules as ways_in_rules
from codezest.services.auth.ways_in.errors import ProofNeeded
from codezest_db.enums import Role
from codezest_db.models.auth import Session, User


async def access_managed_user(session: AsyncSession, actor: Actor, user_id: UUID, *, proved: bool = True) -> User:
    """A user whom the actor may change, locked together with the actor.

    What gives or takes rights needs a recent proof of who the actor is (`proved`), so that an open session alone, or a slip
    in a browser that was left open, does not suffice.

    Nobody changes their own standing, and of two administrators who demote or bar each other at once the second may not:
    so an administrator always remains.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        ProofNeeded: as said.
        OwnAccount: it is the actor's own account.
        UserNotFound: there is no such user.
    """
    actor_id = actor.require_admin()
    if actor_id == user_id:
        raise OwnAccount
    if proved:
        await require_proof(session, actor)
    users = await repository.users_for_update(session, actor_id, user_id)
    require_standing_admin(users.get(actor_id))
    if user_id not in users:
        raise UserNotFound
    return users[user_id]


def require_standing_admin(own: User | None) -> None:
    """See to it that the actor's own row, which is locked, still is that of an administrator in good standing.

    Raises:
        Forbidden: another administrator was faster.
    """
    if own is None or own.role is not Role.ADMIN or own.suspended_at is not None:
        raise Forbidden(_("Only an administrator may do this."))


def require_session(actor: Actor) -> tuple[UUID, UUID]:
    """The ids of the signed-in user and of their session.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: a program acts for the user, and cannot prove to be them.
    """
    user_id = actor.require_user()
    if actor.session_id is None:
        raise ProofNeeded
    return user_id, actor.session_id


async def require_proof(session: AsyncSession, actor: Actor) -> None:
    """See to it that the actor has proved lately who they are.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: as said, or a program acts for the user.
    """
    _user_id, session_id = require_session(actor)
    proved_at = await session.scalar(
        select(Session.proved_at).where(Session.id == session_id, Session.revoked_at.is_(None))
    )
    if not ways_in_rules.is_recent(proved_at, moment=now()):
        raise ProofNeeded


async def access_own_ways_in(session: AsyncSession, actor: Actor) -> User:
    """The actor's own account, locked: ways to sign in change one after the other.

    Raises:
        Unauthenticated: nobody is signed in, or the account was deleted a moment ago.
        ProofNeeded: the actor has not proved lately who they are, so an open session alone changes nothing.
    """
    user_id, _session_id = require_session(actor)
    user = await repository.user_for_update(session, user_id)
    if user is None:
        raise Unauthenticated
    await require_proof(session, actor)
    return user
