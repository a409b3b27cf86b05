"""Begin a session."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import UserSignedIn
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.errors import AppError
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.check_password import check_password, current_hash, settle, turn_of
from codezest.services.auth.errors import AccountSuspended, EmailNotVerified, WrongCredentials
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.ids import uuid7
from codezest_db.models.auth import Session, User

REFUSALS: dict[LoginOutcome, type[AppError]] = {
    LoginOutcome.UNVERIFIED: EmailNotVerified,
    LoginOutcome.SUSPENDED: AccountSuspended,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that has just begun; its token exists here and with its owner only."""

    token: str = field(repr=False)
    user_id: UUID


async def sign_in(database: Database, settings: Settings, *, email: str, password: str, origin: Origin) -> NewSession:
    """Check the password and begin a session.

    Raises:
        WrongCredentials: no such account, or not its password.
        LoginLocked: too many wrong passwords before, even if this one is right.
        EmailNotVerified: the password is right, the address not confirmed.
        AccountSuspended: the password is right, the account barred.
    """
    token = new_token("czs")
    async with turn_of(email):
        proof = await check_password(database, settings, email=email, password=password, origin=origin)
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, proof.user_id)
            if user is None or await current_hash(session, user) != proof.password_hash:
                raise WrongCredentials  # deleted, or given another password, while this one was compared
            outcome = rules.outcome_of_right_password(user)
            await settle(session, proof, outcome)
            if outcome is LoginOutcome.SUCCEEDED:
                await _begin_session(
                    session, settings, user, renewed_hash=proof.renewed_hash, token=token, origin=origin
                )
    if outcome is not LoginOutcome.SUCCEEDED:
        raise REFUSALS[outcome]
    return NewSession(token=token, user_id=proof.user_id)


async def _begin_session(
    session: AsyncSession, settings: Settings, user: User, *, renewed_hash: str | None, token: str, origin: Origin
) -> None:
    if renewed_hash is not None:
        user.password_hash = renewed_hash
    began = Session(
        id=uuid7(),
        user_id=user.id,
        token_hash=token_hash(token),
        expires_at=now() + timedelta(days=settings.session_days),
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
    )
    session.add(began)
    await session.flush()
    await publish(session, UserSignedIn(user_id=user.id, session_id=began.id))
