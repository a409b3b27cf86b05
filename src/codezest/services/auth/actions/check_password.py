"""Check a password without letting anyone guess: every guess is a row before it is compared."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.record_attempt import record_attempt
from codezest.services.auth.errors import LoginLocked, WrongCredentials
from codezest.services.auth.passwords import verify_password
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth import LoginEvent, User

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Someone knew the password. `event_id` is the attempt, which counts as failed until its outcome is set."""

    event_id: UUID
    user_id: UUID
    password_hash: str = field(repr=False)
    """The stored hash the password was compared with."""
    renewed_hash: str | None = field(repr=False)
    """What to store instead, where the parameters of hashing have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    event_id: UUID
    user_id: UUID | None
    stored: str | None = field(repr=False)


@asynccontextmanager
async def turn_of(email: str) -> AsyncGenerator[None]:
    """Let attempts for one address pass one after the other, from the check to the recorded outcome.

    Rows alone keep guesses within the limit, across processes too; but since an attempt under way counts as a failure, a
    class that logs in to one shared account in the same second would lock itself out.
    """
    async with _turns.setdefault(email.casefold(), asyncio.Lock()):
        yield


async def check_password(database: Database, settings: Settings, *, email: str, password: str, origin: Origin) -> Proof:
    """Compare a password with that of an address, at the same cost whether or not it has an account.

    The attempt is committed as a wrong password first and compared outside any transaction, so that neither an error nor a
    crash nor many attempts at once make a guess free. The caller sets the outcome (`settle`) after success, within
    `turn_of` the address.

    Raises:
        WrongCredentials: it is not the password, or there is no such account.
        LoginLocked: too many wrong passwords for the address or from the network; nothing was compared.
    """
    attempt = await _begin(database, settings, email, origin)
    right, renewed = await verify_password(password, attempt.stored)
    if not right or attempt.user_id is None or attempt.stored is None:
        raise WrongCredentials
    return Proof(event_id=attempt.event_id, user_id=attempt.user_id, password_hash=attempt.stored, renewed_hash=renewed)


async def settle(session: AsyncSession, proof: Proof, outcome: LoginOutcome) -> None:
    """Record how the attempt ended: from a success on, earlier failures of the address no longer count."""
    event = await session.get_one(LoginEvent, proof.event_id)
    event.outcome = outcome
    await session.flush()


async def current_hash(session: AsyncSession, user: User) -> str | None:
    """The hash that a password of this user is compared with; before confirmation, that of the newest registration."""
    if user.email_verified_at is not None:
        return user.password_hash
    waiting = await repository.waiting_registrations(session, user.id)
    return waiting[0].pending_password_hash if waiting else None


async def _begin(database: Database, settings: Settings, email: str, origin: Origin) -> _Attempt:
    """Record the attempt before its outcome is known, or refuse it.

    Raises:
        LoginLocked: as said.
    """
    async with database.write("auth") as session:
        network = origin.network
        await repository.serialise(session, f"login:{email.casefold()}", f"login-from:{network}" if network else None)
        user = await repository.user_by_email(session, email)
        event_id, wait = await record_attempt(
            session,
            settings,
            LoginOutcome.WRONG_CREDENTIALS,
            email=email,
            user_id=user.id if user else None,
            origin=origin,
        )
        stored = await current_hash(session, user) if user else None
    if wait:
        minutes = -(-wait // 60)
        raise LoginLocked(
            _("Try again in %(minutes)s min, or ask for a new password now.") % {"minutes": minutes}, retry_after=wait
        )
    return _Attempt(event_id=event_id, user_id=user.id if user else None, stored=stored)
