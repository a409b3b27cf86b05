"""Begin a session with a passkey: it proves possession and, by PIN or biometry, the person, so no code is asked for."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.kit.errors import AppError
from codezest.kit.settings import Settings
from codezest.services.auth import rules
from codezest.services.auth.actions.begin_session import NewSession, begin_session
from codezest.services.auth.actions.open_ceremony import open_ceremony, take_ceremony
from codezest.services.auth.actions.passkeys.use_passkey import use_passkey
from codezest.services.auth.actions.sign_in import refusal_of
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import passkeys
from codezest.services.auth.ways_in import rules as ways_in_rules
from codezest.services.auth.ways_in.errors import PasskeyCopied
from codezest.services.auth.ways_in.schemas import PasskeyOptions
from codezest_db.enums import CeremonyKind, LoginOutcome
from codezest_db.ids import uuid7
from codezest_db.models.auth import LoginEvent, User


async def begin_passkey_sign_in(session: AsyncSession, settings: Settings) -> PasskeyOptions:
    """What the browser is to ask an authenticator for; it offers the accounts it knows, so nobody types an address."""
    opened = await open_ceremony(session, CeremonyKind.PASSKEY_SIGN_IN, lifetime=ways_in_rules.PASSKEY_LIFETIME)
    options = passkeys.request_options(settings, challenge=opened.challenge)
    return PasskeyOptions(ceremony=opened.token, options=options)


async def sign_in_with_passkey(
    database: Database, settings: Settings, *, ceremony: str, answer: dict[str, Any], origin: Origin
) -> NewSession:
    """Check the answer and begin a session.

    Raises:
        CeremonyOver: nothing of the kind was begun, or it is over.
        PasskeyRefused: nobody has this passkey, or its answer does not hold.
        PasskeyCopied: its count has fallen; the owner is told.
        EmailNotVerified, AccountSuspended: the passkey is right, the account closed.
    """
    assertion = passkeys.assertion_in(answer)
    refused: AppError
    async with database.write("auth") as session:
        begun = await take_ceremony(session, CeremonyKind.PASSKEY_SIGN_IN, ceremony)
        assert begun.challenge is not None
        used = await use_passkey(session, settings, assertion, challenge=begun.challenge, origin=origin)
        outcome = rules.outcome_of_right_password(used.user)
        if used.copied:
            refused = PasskeyCopied()
        else:
            await record_outcome(session, used.user, outcome, origin)
            if outcome is LoginOutcome.SUCCEEDED:
                return await begin_session(session, settings, used.user, origin=origin)
            refused = refusal_of(outcome, used.user)
    raise refused


async def record_outcome(session: AsyncSession, user: User, outcome: LoginOutcome, origin: Origin) -> None:
    """Keep among the attempts to sign in one that needed no password."""
    session.add(
        LoginEvent(
            id=uuid7(),
            user_id=user.id,
            email=user.email,
            outcome=outcome,
            ip_address=origin.ip_address,
            user_agent=origin.user_agent,
        )
    )
    await session.flush()
