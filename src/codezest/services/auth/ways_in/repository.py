"""Loads of the ways to sign in, inside the caller's transaction."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.auth.ways_in.rules import WaysIn
from codezest_db.models.auth import OAuthAccount, User, WebAuthnCredential


async def ways_in_of(session: AsyncSession, user: User) -> WaysIn:
    """By what a locked user can enter their account."""
    passkeys = await session.scalars(select(WebAuthnCredential.id).where(WebAuthnCredential.user_id == user.id))
    identities = await session.scalars(select(OAuthAccount.id).where(OAuthAccount.user_id == user.id))
    return WaysIn(
        password=user.password_hash is not None,
        passkeys=frozenset(passkeys.all()),
        identities=frozenset(identities.all()),
    )
