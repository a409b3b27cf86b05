"""Delete the accounts whose time of grace is over."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import UserDeleted
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.jobs import enqueue
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.export_data import SERVICES, part_key
from codezest.services.auth.actions.keep_administrator import require_other_administrator
from codezest.services.auth.actions.upload_avatar import avatar_keys
from codezest.services.auth.errors import LastAdministrator
from codezest.services.auth.rules import Origin
from codezest_db.enums import Role
from codezest_db.models.auth import (
    ApiToken,
    Ceremony,
    DataExport,
    EmailChange,
    EmailVerification,
    Instructor,
    LoginEvent,
    OAuthAccount,
    PasswordReset,
    RecoveryCode,
    Session,
    TotpSecret,
    User,
    UserProfile,
    WebAuthnCredential,
)

BATCH = 100
OWN_TABLES = (
    ApiToken,
    Ceremony,
    DataExport,
    EmailChange,
    EmailVerification,
    Instructor,
    OAuthAccount,
    PasswordReset,
    RecoveryCode,
    Session,
    TotpSecret,
    UserProfile,
    WebAuthnCredential,
)
"""What belongs to one person alone, and goes with them. `auth.audit_entries` stay, see `auth.forget_in_audit`."""

log = structlog.get_logger(__name__)


async def delete_accounts(database: Database, settings: Settings) -> int:
    """Delete whatever account has waited for long enough, each in a transaction of its own; returns how many were."""
    due = User.deletion_requested_at <= now() - timedelta(days=settings.deletion_grace_days)
    deleted = 0
    last: UUID | None = None
    while True:
        async with database.write("auth") as session:
            waiting = select(User.id).where(due, User.deleted_at.is_(None)).order_by(User.id).limit(BATCH)
            ids = (await session.scalars(waiting if last is None else waiting.where(User.id > last))).all()
        for user_id in ids:
            async with database.write("auth") as session:
                user = await repository.user_for_update(session, user_id)
                # It may have been taken back while the accounts before it were deleted.
                if user is not None and user.deletion_requested_at is not None:
                    deleted += await _delete(session, user)
        if len(ids) < BATCH:
            return deleted
        last = ids[-1]


async def _delete(session: AsyncSession, user: User) -> bool:
    """Whether the account, which is locked, was deleted."""
    if user.role is Role.ADMIN:
        try:
            await require_other_administrator(session, user)
        except LastAdministrator:
            # Others have left since it was asked for. Somebody must stay who can let others in.
            log.warning("last_administrator_kept", user_id=str(user.id))
            return False
    await _delete_files(session, user)
    await session.execute(delete(LoginEvent).where(or_(LoginEvent.user_id == user.id, LoginEvent.email == user.email)))
    for table in OWN_TABLES:
        await session.execute(delete(table).where(table.user_id == user.id))
    user.email = f"{user.id}@deleted.invalid"
    user.first_name, user.last_name = "Deleted", ""
    user.email_verified_at = user.password_hash = user.avatar_url = user.date_of_birth = user.suspension_reason = None
    user.locale, user.timezone, user.role = "en", "UTC", Role.STUDENT
    user.deleted_at = now()
    await session.flush()
    await session.execute(text("SELECT auth.forget_in_audit(:id)"), {"id": user.id})
    repository.audit(session, "user.deleted", actor_user_id=None, subject_id=user.id, origin=Origin(None, None))
    await publish(session, UserDeleted(user_id=user.id))
    return True


async def _delete_files(session: AsyncSession, user: User) -> None:
    keys: list[str] = []
    picture = await session.scalar(select(UserProfile.avatar).where(UserProfile.user_id == user.id))
    if picture is not None:
        keys += avatar_keys(picture)
    exports = await session.execute(
        select(DataExport.id, func.coalesce(DataExport.file_key, "")).where(DataExport.user_id == user.id)
    )
    for export_id, file_key in exports:
        keys += [part_key(export_id, service) for service in sorted(SERVICES)]
        keys += [file_key] if file_key else []
    if keys:
        await enqueue(session, "auth.delete_files", {"keys": keys})
