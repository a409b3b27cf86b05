"""Let somebody's account be deleted after the time of grace, or keep it after all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.settings import Settings
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.keep_administrator import require_other_administrator
from codezest.services.auth.actions.manage_user import reinstate, suspend
from codezest.services.auth.actions.request_deletion import deletes_at
from codezest.services.auth.errors import NotWaitingForDeletion
from codezest.services.auth.rules import Origin
from codezest_db.enums import Role
from codezest_db.models.auth import User


async def delete_user(
    session: AsyncSession, settings: Settings, actor: Actor, user_id: UUID, *, reason: str | None, origin: Origin
) -> datetime:
    """Bar a user and have the account deleted after the time of grace; returns when.

    Since its owner can no longer log in, only an administrator can take it back. Whoever asks again changes nothing: the
    time runs from the first request, even if that was the owner's.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded, UserNotFound, OwnAccount: see `access_managed_user`.
        LastAdministrator: nobody would be left to look after the platform.
    """
    user = await policies.access_managed_user(session, actor, user_id)
    if user.role is Role.ADMIN:
        await require_other_administrator(session, user)
    await suspend(session, user, reason=reason, suspended_by=actor.user_id, origin=origin)
    if user.deletion_requested_at is None:
        user.deletion_requested_at = now()
        said = {"reason": reason} if reason else {}
        repository.audit(
            session, "user.deletion_requested", actor_user_id=actor.user_id, subject_id=user.id, origin=origin, **said
        )
    await session.flush()
    return deletes_at(settings, user.deletion_requested_at)


async def restore_user(session: AsyncSession, actor: Actor, user_id: UUID, origin: Origin) -> None:
    """Keep an account that waits for its deletion, and let its owner in again.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded, UserNotFound, OwnAccount: see `access_managed_user`. An account that is
            deleted already is not found: nothing of it is left to be restored.
        NotWaitingForDeletion: as it says.
    """
    user = await policies.access_managed_user(session, actor, user_id)
    if user.deletion_requested_at is None:
        raise NotWaitingForDeletion
    keep_account(session, user, kept_by=actor.user_id, origin=origin)
    reinstate(session, user, reinstated_by=actor.user_id, origin=origin)


def keep_account(session: AsyncSession, user: User, *, kept_by: UUID | None, origin: Origin) -> None:
    """Take back the deletion of a locked user; nothing happens where none was asked for."""
    if user.deletion_requested_at is None:
        return
    user.deletion_requested_at = None
    repository.audit(session, "user.deletion_cancelled", actor_user_id=kept_by, subject_id=user.id, origin=origin)
