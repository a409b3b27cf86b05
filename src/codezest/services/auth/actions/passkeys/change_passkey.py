"""Rename a passkey, or remove it."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import policies
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import LastWayIn, PasskeyNotFound
from codezest.services.auth.ways_in.repository import ways_in_of
from codezest_db.models.auth import WebAuthnCredential


async def rename_passkey(session: AsyncSession, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Call one of the actor's passkeys otherwise.

    Raises:
        Unauthenticated: nobody is signed in.
        PasskeyNotFound: they have none of this id.
    """
    renamed = await session.execute(
        update(WebAuthnCredential)
        .where(WebAuthnCredential.id == passkey_id, WebAuthnCredential.user_id == actor.require_user())
        .values(name=name)
        .returning(WebAuthnCredential.id)
    )
    if renamed.scalar_one_or_none() is None:
        raise PasskeyNotFound


async def remove_passkey(session: AsyncSession, actor: Actor, passkey_id: UUID, origin: Origin) -> None:
    """Forget one of the actor's passkeys.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        PasskeyNotFound: they have none of this id.
        LastWayIn: without it nobody could enter the account.
    """
    user = await policies.access_own_ways_in(session, actor)
    ways = await ways_in_of(session, user)
    if passkey_id not in ways.passkeys:
        raise PasskeyNotFound
    if not ways.remain_without(passkey_id):
        raise LastWayIn
    await session.execute(delete(WebAuthnCredential).where(WebAuthnCredential.id == passkey_id))
    await report_change(
        session, "passkey.removed", user_id=user.id, origin=origin, actor_user_id=user.id, passkey=str(passkey_id)
    )
