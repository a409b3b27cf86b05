"""Loads and saves of the service auth, inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import CIDR, CITEXT, insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.i18n import READER
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.ids import uuid7
from codezest_db.models.auth import (
    ApiToken,
    AuditEntry,
    Ceremony,
    EmailChange,
    EmailVerification,
    LoginEvent,
    PasswordReset,
    Session,
    User,
    UserProfile,
)

MAIL_REQUESTED = "mail.requested"
Link = TypeVar("Link", EmailVerification, PasswordReset, EmailChange)
"""What a letter holds the token of."""


async def serialise(session: AsyncSession, *keys: str | None) -> None:
    """Wait for every other transaction that named one of the keys. Callers name an e-mail address before a network."""
    for key in keys:
        if key is not None:
            await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


async def moment(session: AsyncSession) -> datetime:
    """The time of this statement, after any waiting: what rows that are counted in order are stamped with."""
    return (await session.execute(select(func.clock_timestamp()))).scalar_one()


def _live_user() -> Select[User]:
    return select(User).where(User.deleted_at.is_(None))


async def user_by_email(session: AsyncSession, email: str) -> User | None:
    """The live account of an address, in any case of letters."""
    return (await session.scalars(_live_user().where(User.email == cast(email, CITEXT)))).one_or_none()


async def user_for_update(session: AsyncSession, user_id: UUID) -> User | None:
    """The live account, locked: whatever changes how someone signs in is done one after the other."""
    return (await users_for_update(session, user_id)).get(user_id)


async def link_for_update(
    session: AsyncSession, table: type[Link], matches: ColumnElement[bool]
) -> tuple[User, Link] | None:
    """The live account of a letter's link and the link, both locked; None where no link matches.

    The account is locked before the link, so that two letters answered at once wait instead of deadlocking.
    """
    user_id = await session.scalar(select(table.user_id).where(matches))
    user = await user_for_update(session, user_id) if user_id else None
    link = await session.scalar(select(table).where(matches).with_for_update()) if user else None
    return (user, link) if user and link else None


async def users_for_update(session: AsyncSession, *user_ids: UUID) -> dict[UUID, User]:
    """The live accounts among these, by id, locked in the order of their ids."""
    found = await session.scalars(
        _live_user()
        .where(User.id.in_(user_ids))
        .order_by(User.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {user.id: user for user in found}


async def add_user(session: AsyncSession, *, email: str, first_name: str, last_name: str) -> tuple[UUID, bool]:
    """The id of the live account of an address, made unverified and without a password when there is none.

    A new account has the language and the time zone of whoever asks for it, and its letters are written in them.

    Returns:
        the id, and whether it was made now.
    """
    user_id, reader = uuid7(), READER.get()
    made = await session.execute(
        insert(User)
        .values(
            id=user_id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            locale=reader.locale.replace("_", "-"),
            timezone=reader.timezone,
        )
        .on_conflict_do_nothing(index_elements=[User.email], index_where=User.deleted_at.is_(None))
        .returning(User.id)
    )
    if made.scalar_one_or_none() is not None:
        return user_id, True
    winner = await user_by_email(session, email)
    if winner is None:  # deleted between the two statements: the address is free now
        return await add_user(session, email=email, first_name=first_name, last_name=last_name)
    return winner.id, False


async def failures_for(
    session: AsyncSession, outcome: LoginOutcome, email: str, *, since: datetime, limit: int
) -> Sequence[datetime]:
    """Times of failures of one kind for an address, the newest first, after the last success or the last reset.

    A reset by mail forgives wrong passwords only: it says nothing of the second step.
    """
    address = cast(email, CITEXT)
    last_success = (
        select(func.max(LoginEvent.created_at))
        .where(LoginEvent.email == address, LoginEvent.outcome == LoginOutcome.SUCCEEDED)
        .scalar_subquery()
    )
    last_reset = (
        select(func.max(PasswordReset.used_at))
        .join(User, User.id == PasswordReset.user_id)
        .where(User.email == address, User.deleted_at.is_(None))
        .scalar_subquery()
    )
    forgiving = [last_reset] if outcome is LoginOutcome.WRONG_CREDENTIALS else []
    found = await session.scalars(
        select(LoginEvent.created_at)
        .where(
            LoginEvent.email == address,
            LoginEvent.outcome == outcome,
            LoginEvent.created_at > func.greatest(since, last_success, *forgiving),
        )
        .order_by(LoginEvent.created_at.desc())
        .limit(limit)
    )
    return found.all()


async def failures_from(
    session: AsyncSession, outcome: LoginOutcome, network: str, *, since: datetime, limit: int
) -> Sequence[datetime]:
    """Times of failures of one kind from a network, the newest first."""
    found = await session.scalars(
        select(LoginEvent.created_at)
        .where(
            LoginEvent.ip_address.op("<<=", is_comparison=True)(cast(network, CIDR)),
            LoginEvent.outcome == outcome,
            LoginEvent.created_at > since,
        )
        .order_by(LoginEvent.created_at.desc())
        .limit(limit)
    )
    return found.all()


async def mails_requested(
    session: AsyncSession, *, address_key: str | None = None, network: str | None = None, since: datetime, limit: int
) -> Sequence[datetime]:
    """Times at which mail was asked for, the newest first: for one address, or from one network."""
    condition = (
        AuditEntry.details["address"].astext == address_key
        if address_key is not None
        else AuditEntry.ip_address.op("<<=", is_comparison=True)(cast(network, CIDR))
    )
    found = await session.scalars(
        select(AuditEntry.created_at)
        .where(
            and_(AuditEntry.actor_user_id.is_(None), AuditEntry.created_at > since),
            AuditEntry.action == MAIL_REQUESTED,
            condition,
        )
        .order_by(AuditEntry.created_at.desc())
        .limit(limit)
    )
    return found.all()


async def waiting_registrations(session: AsyncSession, user_id: UUID) -> list[EmailVerification]:
    """What waits for the owner of the address, expired or not, newest first; letters sent again stand for one registration."""
    found = await session.scalars(
        select(EmailVerification)
        .where(
            EmailVerification.user_id == user_id,
            EmailVerification.used_at.is_(None),
            EmailVerification.pending_password_hash.is_not(None),
        )
        .order_by(EmailVerification.id.desc())
    )
    return list({row.pending_password_hash: row for row in reversed(found.all())}.values())[::-1]


def unsent_token() -> bytes:
    """The hash of a token that nobody knows, for a row whose mail is not sent yet."""
    return token_hash(new_token("unsent"))


async def void_verifications(session: AsyncSession, user_id: UUID) -> None:
    """End every registration of the user's address; what strangers may have typed in is forgotten."""
    await session.execute(
        update(EmailVerification)
        .where(EmailVerification.user_id == user_id)
        .values(
            used_at=func.coalesce(EmailVerification.used_at, now()),
            pending_password_hash=None,
            pending_first_name=None,
            pending_last_name=None,
        )
    )


async def void_resets(session: AsyncSession, user_id: UUID) -> None:
    """End every unused link for a new password."""
    await session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
        .values(used_at=now())
    )


async def void_email_changes(session: AsyncSession, user_id: UUID) -> None:
    """End every change of the address that waits for its confirmation."""
    await session.execute(
        update(EmailChange).where(EmailChange.user_id == user_id, EmailChange.used_at.is_(None)).values(used_at=now())
    )


async def revoke_sessions(session: AsyncSession, user_id: UUID, *, keep: UUID | None = None) -> int:
    """End the user's sessions, except the one to keep, and sign-ins half done; returns how many sessions ended."""
    await session.execute(
        delete(Ceremony).where(Ceremony.user_id == user_id, Ceremony.session_id.is_distinct_from(keep))
        if keep
        else delete(Ceremony).where(Ceremony.user_id == user_id)
    )
    ended = await session.scalars(
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None), Session.id.is_distinct_from(keep))
        .values(revoked_at=now())
        .returning(Session.id)
    )
    return len(ended.all())


async def profile_for_update(session: AsyncSession, user_id: UUID) -> UserProfile:
    """The user's profile, made empty when there is none, locked."""
    await session.execute(
        insert(UserProfile).values(id=uuid7(), user_id=user_id).on_conflict_do_nothing(index_elements=["user_id"])
    )
    found = await session.scalars(select(UserProfile).where(UserProfile.user_id == user_id).with_for_update())
    return found.one()


def audit(
    session: AsyncSession,
    action: str,
    *,
    actor_user_id: UUID | None,
    subject_id: UUID | None,
    origin: Origin,
    subject_type: str = "user",
    **details: str | int | bool | None,
) -> AuditEntry:
    """Record an act that must stay traceable."""
    entry = AuditEntry(
        id=uuid7(),
        actor_user_id=actor_user_id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
        details=details,
    )
    session.add(entry)
    return entry


async def revoke_tokens(session: AsyncSession, user_id: UUID) -> None:
    """End every token that programs of the user hold."""
    await session.execute(
        update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now())
    )
