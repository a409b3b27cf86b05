"""Ask for the deletion of one's account."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.confirm_password import confirmed_owner
from codezest.services.auth.errors import LastAdministrator
from codezest.services.auth.rules import Origin
from codezest_db.enums import Role
from codezest_db.models.auth import User


async def request_deletion(
    database: Database, settings: Settings, actor: Actor, password: str | None, origin: Origin
) -> datetime:
    """Let the account be deleted after the time of grace; returns when. Every other session ends, and every token.

    Whoever asks again changes nothing: the time runs from the first request.

    Raises:
        Unauthenticated: nobody is signed in.
        CurrentPasswordWrong, LoginLocked: the password is refused.
        LastAdministrator: nobody would be left to look after the platform.
    """
    async with confirmed_owner(database, settings, actor, password, origin) as (session, user):
        if user.role is Role.ADMIN:
            await require_other_administrator(session, user)
        if user.deletion_requested_at is None:
            user.deletion_requested_at = now()
            repository.audit(
                session, "user.deletion_requested", actor_user_id=user.id, subject_id=user.id, origin=origin
            )
            await enqueue(
                session, "auth.send_account_letter", {"user_id": user.id, "letter": "deletion"}, priority=INTERACTIVE
            )
        await repository.revoke_sessions(session, user.id, keep=actor.session_id)
        await repository.revoke_tokens(session, user.id)
        await session.flush()
        requested_at = user.deletion_requested_at
    return deletes_at(settings, requested_at)


def deletes_at(settings: Settings, requested_at: datetime) -> datetime:
    """When an account is deleted whose owner asked for it then."""
    return requested_at + timedelta(days=settings.deletion_grace_days)


async def require_other_administrator(session: AsyncSession, user: User) -> None:
    """Refuse to lose the last administrator in good standing. The user is locked by the caller.

    Raises:
        LastAdministrator: as said.
    """
    # Two administrators who go at once both come here with themselves locked: this key makes them take turns.
    await repository.serialise(session, "administrators")
    other = await session.scalar(
        select(User.id)
        .where(
            User.id != user.id,
            User.role == Role.ADMIN,
            User.deleted_at.is_(None),
            User.suspended_at.is_(None),
            User.email_verified_at.is_not(None),
            User.deletion_requested_at.is_(None),
        )
        .limit(1)
    )
    if other is None:
        raise LastAdministrator
