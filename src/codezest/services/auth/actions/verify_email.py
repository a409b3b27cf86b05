"""Confirm an address and activate what its registration entered."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailVerified
from codezest.kit.clock import now
from codezest.kit.outbox import publish
from codezest.kit.tokens import token_hash
from codezest.services.auth import repository
from codezest.services.auth.errors import VerificationTokenExpired, VerificationTokenInvalid, VerificationTokenUsed
from codezest_db.models.auth import EmailVerification, User


async def verify_email(session: AsyncSession, token: str) -> User:
    """Make the account of a confirmation letter usable, with the password and names typed in for that very letter.

    Every other registration of the address ends, so a stranger who registered it earlier or later has nothing.

    Raises:
        VerificationTokenInvalid: no such token.
        VerificationTokenUsed: it was used, or another one confirmed the address.
        VerificationTokenExpired: its time is over.
    """
    matches = EmailVerification.token_hash == token_hash(token)
    found = await repository.link_for_update(session, EmailVerification, matches)
    if found is None:
        raise VerificationTokenInvalid
    user, row = found
    if row.used_at is not None or user.email_verified_at is not None:
        raise VerificationTokenUsed
    if row.expires_at <= now():
        raise VerificationTokenExpired
    user.password_hash = row.pending_password_hash
    user.first_name = row.pending_first_name or user.first_name
    user.last_name = row.pending_last_name or ""
    user.email_verified_at = now()
    await session.flush()
    await repository.void_verifications(session, user.id)
    await publish(session, EmailVerified(user_id=user.id))
    return user
