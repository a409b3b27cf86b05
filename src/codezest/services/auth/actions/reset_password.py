"""Choose a new password through a letter."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailVerified, PasswordChanged
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.outbox import publish
from codezest.kit.tokens import token_hash
from codezest.services.auth import queries, repository, rules
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.errors import ResetTokenExpired, ResetTokenInvalid, ResetTokenUsed
from codezest.services.auth.passwords import hash_password
from codezest.services.auth.rules import Origin
from codezest_db.models.auth import PasswordReset, User


async def reset_password(database: Database, *, token: str, password: str, origin: Origin) -> None:
    """Set a password, end every session, token and other link, and with them whatever an intruder may hold.

    A letter that was answered proves the address as well, so an unconfirmed account becomes confirmed.

    Raises:
        ResetTokenInvalid, ResetTokenUsed, ResetTokenExpired: the token does not work.
        PasswordTooCommon, PasswordIsEmail: the password is refused; the token still works.
    """
    hashed = token_hash(token)
    rules.check_password(password, await queries.email_of_reset(database.pool("auth"), hashed))
    password_hash = await hash_password(password)
    async with database.write("auth") as session:
        user = await _redeem(session, hashed)
        user.password_hash = password_hash
        if user.email_verified_at is None:
            user.email_verified_at = now()
            await publish(session, EmailVerified(user_id=user.id))
        await session.flush()
        await repository.void_verifications(session, user.id)
        await repository.void_resets(session, user.id)
        await repository.void_email_changes(session, user.id)
        await repository.revoke_sessions(session, user.id)
        await repository.revoke_tokens(session, user.id)
        await report_change(session, "password.reset", user_id=user.id, origin=origin, actor_user_id=user.id)
        await publish(session, PasswordChanged(user_id=user.id, how="RESET"))


async def _redeem(session: AsyncSession, hashed: bytes) -> User:
    """The user of an unused token; the row is used up.

    Raises:
        ResetTokenInvalid, ResetTokenUsed, ResetTokenExpired: the token does not work.
    """
    found = await repository.link_for_update(session, PasswordReset, PasswordReset.token_hash == hashed)
    if found is None:
        raise ResetTokenInvalid
    user, row = found
    if user.suspended_at is not None:
        raise ResetTokenInvalid
    if row.used_at is not None:
        raise ResetTokenUsed
    if row.expires_at <= now():
        raise ResetTokenExpired
    row.used_at = now()
    return user
