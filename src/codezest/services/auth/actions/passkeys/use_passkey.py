"""Check what a passkey says, and keep its count."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import passkeys
from codezest.services.auth.ways_in.errors import PasskeyRefused
from codezest.services.auth.ways_in.passkeys import Assertion
from codezest_db.models.auth import User, WebAuthnCredential


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Whose passkey it was. `copied` means that it must not count: the caller commits what is recorded, then refuses."""

    user: User
    copied: bool


async def use_passkey(
    session: AsyncSession, settings: Settings, assertion: Assertion, *, challenge: bytes, origin: Origin
) -> Used:
    """The locked user whose passkey signed the challenge.

    Raises:
        PasskeyRefused: nobody has this passkey, or its answer does not hold.
    """
    of_credential = WebAuthnCredential.credential_id == assertion.credential_id
    user_id = await session.scalar(select(WebAuthnCredential.user_id).where(of_credential))
    user = await repository.user_for_update(session, user_id) if user_id else None
    credential = await session.scalar(select(WebAuthnCredential).where(of_credential).with_for_update())
    if user is None or credential is None:
        raise PasskeyRefused
    if assertion.user_handle not in {None, user.id.bytes}:
        raise PasskeyRefused
    verified = passkeys.verify(settings, assertion, challenge=challenge, public_key=credential.public_key)
    if passkeys.count_fell(credential.sign_count, verified.sign_count):
        await report_change(
            session,
            "passkey.copied",
            user_id=user.id,
            origin=origin,
            actor_user_id=None,
            passkey=str(credential.id),
            stored=str(credential.sign_count),
            given=str(verified.sign_count),
        )
        return Used(user=user, copied=True)
    credential.sign_count = verified.sign_count
    credential.backed_up = verified.backed_up
    credential.last_used_at = now()
    await session.flush()
    return Used(user=user, copied=False)
