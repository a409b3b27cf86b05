"""Change another user's role or standing, as an administrator."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import RoleChanged
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.outbox import publish
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.keep_administrator import require_other_administrator
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import UserUpdate
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from codezest_db.models.auth import Instructor, User


async def manage_user(session: AsyncSession, actor: Actor, user_id: UUID, changes: UserUpdate, origin: Origin) -> None:
    """Store the role and the suspension given, each change with an audit entry.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded, UserNotFound, OwnAccount: see `access_managed_user`.
        LastAdministrator: nobody would be left to look after the platform.
    """
    user = await policies.access_managed_user(session, actor, user_id)
    if changes.role is not None:
        if user.role is Role.ADMIN and changes.role is not Role.ADMIN:
            await require_other_administrator(session, user)
        await change_role(session, user, changes.role, changed_by=actor.user_id, origin=origin, reason=changes.reason)
    if changes.suspended is True:
        await suspend(session, user, reason=changes.reason, suspended_by=actor.user_id, origin=origin)
    elif changes.suspended is False:
        reinstate(session, user, reinstated_by=actor.user_id, origin=origin)


async def suspend(
    session: AsyncSession, user: User, *, reason: str | None, suspended_by: UUID | None, origin: Origin
) -> None:
    """Bar a locked user; whoever is barred already stays so, for the reason given then.

    Every session, token and link ends for good: who has taken an account over is not let in again with it.

    Raises:
        LastAdministrator: nobody would be left to look after the platform.
    """
    if user.suspended_at is not None:
        return
    if user.role is Role.ADMIN:
        await require_other_administrator(session, user)
    user.suspended_at, user.suspension_reason = now(), reason or None
    await session.flush()
    await repository.revoke_sessions(session, user.id)
    await repository.revoke_tokens(session, user.id)
    await repository.void_resets(session, user.id)
    await repository.void_email_changes(session, user.id)
    said = {"reason": reason} if reason else {}
    repository.audit(session, "user.suspended", actor_user_id=suspended_by, subject_id=user.id, origin=origin, **said)


def reinstate(session: AsyncSession, user: User, *, reinstated_by: UUID | None, origin: Origin) -> None:
    """Lift the suspension of a locked user; nothing happens where there is none."""
    if user.suspended_at is None:
        return
    user.suspended_at = user.suspension_reason = None
    repository.audit(session, "user.reinstated", actor_user_id=reinstated_by, subject_id=user.id, origin=origin)


async def change_role(
    session: AsyncSession,
    user: User,
    role: Role,
    *,
    changed_by: UUID | None,
    origin: Origin,
    reason: str | None = None,
) -> None:
    """Give a locked user a role, recorded and announced; nothing happens when they have it."""
    if user.role is role:
        return
    old, user.role = user.role, role
    if role is Role.INSTRUCTOR:
        await introduce_instructor(session, user.id)
    repository.audit(
        session,
        "user.role_changed",
        actor_user_id=changed_by,
        subject_id=user.id,
        origin=origin,
        old_role=old.value,
        new_role=role.value,
        **({"reason": reason} if reason else {}),
    )
    await publish(session, RoleChanged(user_id=user.id, old_role=old, new_role=role, changed_by=changed_by))


async def introduce_instructor(session: AsyncSession, user_id: UUID) -> None:
    """Give a teaching user the row that courses show them by; harmless when there is one."""
    await session.execute(
        insert(Instructor).values(id=uuid7(), user_id=user_id).on_conflict_do_nothing(index_elements=["user_id"])
    )
