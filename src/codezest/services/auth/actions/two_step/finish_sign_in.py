"""Give the code that is owed after the password, and begin the session."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.kit.tokens import token_hash
from codezest.services.auth import repository
from codezest.services.auth.actions.begin_session import NewSession, begin_session
from codezest.services.auth.actions.check_password import turn_of
from codezest.services.auth.actions.open_ceremony import keep_newest, open_ceremony, take_ceremony
from codezest.services.auth.actions.two_step.check_code import count_try, redeem_code
from codezest.services.auth.errors import AccountSuspended
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import rules
from codezest.services.auth.ways_in.errors import CeremonyOver
from codezest_db.enums import CeremonyKind
from codezest_db.models.auth import Ceremony, User


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDue:
    """The first proof was right; `ceremony` and a code make a session of it."""

    ceremony: str = field(repr=False)


async def owe_code(session: AsyncSession, user: User, *, next_path: str | None = None) -> CodeDue:
    """Remember that a user has given the first proof. The caller has locked them."""
    opened = await open_ceremony(
        session,
        CeremonyKind.SECOND_STEP,
        lifetime=rules.SECOND_STEP_LIFETIME,
        user_id=user.id,
        next_path=next_path,
    )
    await keep_newest(session, CeremonyKind.SECOND_STEP, user.id, most=rules.SECOND_STEPS_WAITING)
    return CodeDue(ceremony=opened.token)


async def finish_sign_in(
    database: Database, settings: Settings, *, ceremony: str, code: str, origin: Origin
) -> NewSession:
    """Check the code and begin a session.

    Raises:
        CeremonyOver: the first proof was too long ago, its session has begun, or the password has changed since.
        CodesLocked: too many wrong codes before, even if this one is right.
        WrongCode: the code is none of theirs, or was used.
        AccountSuspended: the account was barred meanwhile.
    """
    hashed = token_hash(ceremony)
    user_id, email = await _owing(database, hashed)
    async with turn_of(email):
        event_id = await count_try(
            database, settings, user_id=user_id, email=email, origin=origin, ceremony_hash=hashed
        )
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, user_id)
            if user is None:
                raise CeremonyOver
            await redeem_code(session, settings, user, code, event_id=event_id, origin=origin)
            await take_ceremony(session, CeremonyKind.SECOND_STEP, ceremony, user_id=user_id)
            if user.suspended_at is not None:
                raise AccountSuspended
            return await begin_session(session, settings, user, origin=origin)


async def _owing(database: Database, hashed: bytes) -> tuple[UUID, str]:
    async with database.write("auth") as session:
        return await _user_of(session, hashed)


async def _user_of(session: AsyncSession, hashed: bytes) -> tuple[UUID, str]:
    found = await session.execute(
        select(User.id, User.email)
        .join(Ceremony, Ceremony.user_id == User.id)
        .where(
            Ceremony.token_hash == hashed,
            Ceremony.kind == CeremonyKind.SECOND_STEP,
            Ceremony.expires_at > now(),
            User.deleted_at.is_(None),
        )
    )
    row = found.one_or_none()
    if row is None:
        raise CeremonyOver
    return row.id, row.email
