"""Check a code of the second step without letting anyone guess: every try is a row before it is compared."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.sealing import SealBroken, sealer_for
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.record_attempt import record_attempt
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import codes, rules
from codezest.services.auth.ways_in.errors import CeremonyOver, CodesLocked, WrongCode
from codezest_db.enums import CeremonyKind, LoginOutcome
from codezest_db.models.auth import AuditEntry, Ceremony, LoginEvent, RecoveryCode, TotpSecret, User

LOCKED = "second_step.locked"


def sealed_for(user_id: UUID) -> str:
    """The purpose for which a user's secret is sealed."""
    return f"totp:{user_id}"


async def second_step_on(session: AsyncSession, user_id: UUID) -> bool:
    """Whether a code is needed after the password."""
    confirmed = select(TotpSecret.id).where(TotpSecret.user_id == user_id, TotpSecret.confirmed_at.is_not(None))
    return bool(await session.scalar(select(exists(confirmed))))


async def count_try(
    database: Database,
    settings: Settings,
    *,
    user_id: UUID,
    email: str,
    origin: Origin,
    ceremony_hash: bytes | None = None,
) -> UUID:
    """Record a try before its outcome is known, in a transaction of its own; returns the event to be settled.

    Raises:
        CodesLocked: too many wrong codes before; the owner is told by mail, once in a while.
        CeremonyOver: the sign-in it belongs to is over, or has had its tries.
    """
    async with database.write("auth") as session:
        network = origin.network
        await repository.serialise(session, f"login:{email.casefold()}", f"login-from:{network}" if network else None)
        if ceremony_hash is not None:
            await _count_within(session, ceremony_hash)
        event_id, wait = await record_attempt(
            session, settings, LoginOutcome.WRONG_CODE, email=email, user_id=user_id, origin=origin
        )
        if wait:
            await _tell_of_lock(session, settings, user_id, origin)
    if wait:
        minutes = -(-wait // 60)
        raise CodesLocked(_("Try again in %(minutes)s min.") % {"minutes": minutes}, retry_after=wait)
    return event_id


async def redeem_code(
    session: AsyncSession, settings: Settings, user: User, code: str, *, event_id: UUID, origin: Origin
) -> Literal["APP", "RECOVERY"]:
    """Use up a code of a user whom the caller has locked, so that of two tabs with one code the first wins.

    Raises:
        WrongCode: it is none of theirs, or was used.
    """
    bare = codes.bare_code(code)
    if len(bare) <= 6:
        await _use_step(session, settings, user.id, bare)
        kind = "APP"
    else:
        await _use_recovery_code(session, user.id, bare)
        await report_change(session, "recovery_code.used", user_id=user.id, origin=origin, actor_user_id=user.id)
        kind = "RECOVERY"
    event = await session.get_one(LoginEvent, event_id)
    event.outcome = LoginOutcome.SUCCEEDED
    await session.flush()
    return kind


async def secret_of(
    session: AsyncSession, settings: Settings, user_id: UUID, *, confirmed: bool
) -> tuple[TotpSecret, bytes]:
    """The locked row of an app's secret, and the secret.

    Raises:
        WrongCode: there is none, or it was sealed with a key that is no longer configured.
    """
    row = await session.scalar(
        select(TotpSecret)
        .where(
            TotpSecret.user_id == user_id,
            TotpSecret.confirmed_at.is_not(None) if confirmed else TotpSecret.confirmed_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise WrongCode
    try:
        return row, sealer_for(settings).open(sealed_for(user_id), row.secret_encrypted)
    except SealBroken:
        raise WrongCode from None


async def _use_step(session: AsyncSession, settings: Settings, user_id: UUID, code: str) -> None:
    row, secret = await secret_of(session, settings, user_id, confirmed=True)
    step = codes.matching_step(secret, code, moment=now(), last_used=row.last_used_step)
    if step is None:
        raise WrongCode
    row.last_used_step = step
    sealer = sealer_for(settings)
    if not sealer.is_current(row.secret_encrypted):
        row.secret_encrypted = sealer.seal(sealed_for(user_id), secret)
    await session.flush()


async def _use_recovery_code(session: AsyncSession, user_id: UUID, code: str) -> None:
    hashed = codes.recovery_hash(code)
    if hashed is None or not await second_step_on(session, user_id):
        raise WrongCode
    used = await session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hashed, RecoveryCode.used_at.is_(None))
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if used.scalar_one_or_none() is None:
        raise WrongCode


async def _count_within(session: AsyncSession, ceremony_hash: bytes) -> None:
    counted = await session.execute(
        update(Ceremony)
        .where(
            Ceremony.token_hash == ceremony_hash,
            Ceremony.kind == CeremonyKind.SECOND_STEP,
            Ceremony.expires_at > now(),
            Ceremony.attempts < rules.CEREMONY_ATTEMPTS,
        )
        .values(attempts=Ceremony.attempts + 1)
        .returning(Ceremony.id)
    )
    if counted.scalar_one_or_none() is None:
        raise CeremonyOver


async def _tell_of_lock(session: AsyncSession, settings: Settings, user_id: UUID, origin: Origin) -> None:
    """Someone may know the password: its owner should hear of it, but not at every try."""
    since = now() - timedelta(minutes=settings.login_lockout_minutes)
    told = select(AuditEntry.id).where(
        AuditEntry.subject_type == "user",
        AuditEntry.subject_id == user_id,
        AuditEntry.created_at > since,
        AuditEntry.action == LOCKED,
    )
    if not await session.scalar(select(exists(told))):
        await report_change(session, LOCKED, user_id=user_id, origin=origin, actor_user_id=None)
