"""Add a passkey to one's account."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.open_ceremony import keep_newest, open_ceremony, take_ceremony
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import passkeys, rules
from codezest.services.auth.ways_in.errors import PasskeyTaken, TooManyPasskeys
from codezest.services.auth.ways_in.schemas import PasskeyOptions, PasskeyOut
from codezest_db.enums import CeremonyKind
from codezest_db.ids import uuid7
from codezest_db.models.auth import User, WebAuthnCredential

MOST_WAITING = 5


async def begin_registration(session: AsyncSession, settings: Settings, actor: Actor) -> PasskeyOptions:
    """What the browser is to ask an authenticator for.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        TooManyPasskeys: there is no room for another.
    """
    user = await policies.access_own_ways_in(session, actor)
    existing = await _credential_ids(session, user)
    opened = await open_ceremony(
        session,
        CeremonyKind.PASSKEY_REGISTRATION,
        lifetime=rules.PASSKEY_LIFETIME,
        user_id=user.id,
        session_id=actor.session_id,
    )
    await keep_newest(session, CeremonyKind.PASSKEY_REGISTRATION, user.id, most=MOST_WAITING)
    options = passkeys.registration_options(settings, actor, challenge=opened.challenge, existing=existing)
    return PasskeyOptions(ceremony=opened.token, options=options)


async def register_passkey(
    session: AsyncSession,
    settings: Settings,
    actor: Actor,
    *,
    ceremony: str,
    name: str,
    answer: dict[str, Any],
    origin: Origin,
) -> PasskeyOut:
    """Store the passkey that an authenticator made.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        CeremonyOver: nothing of the kind was begun in this session, or too long ago.
        PasskeyRefused: the answer does not hold.
        TooManyPasskeys, PasskeyTaken: there is no room for it, or it is stored already.
    """
    user = await policies.access_own_ways_in(session, actor)
    begun = await take_ceremony(
        session, CeremonyKind.PASSKEY_REGISTRATION, ceremony, user_id=user.id, session_id=actor.session_id
    )
    assert begun.challenge is not None
    made = passkeys.new_passkey(settings, answer, challenge=begun.challenge)
    await _credential_ids(session, user)
    stored = await session.execute(
        insert(WebAuthnCredential)
        .values(
            id=uuid7(),
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            aaguid=made.aaguid,
            name=name,
            backup_eligible=made.backup_eligible,
            backed_up=made.backed_up,
        )
        .on_conflict_do_nothing(index_elements=["credential_id"])
        .returning(WebAuthnCredential.id, WebAuthnCredential.created_at)
    )
    row = stored.one_or_none()
    if row is None:
        raise PasskeyTaken
    await report_change(
        session, "passkey.added", user_id=user.id, origin=origin, actor_user_id=user.id, passkey=str(row.id)
    )
    return PasskeyOut(id=row.id, name=name, created_at=row.created_at, last_used_at=None, backed_up=made.backed_up)


async def _credential_ids(session: AsyncSession, user: User) -> list[bytes]:
    """The ids of the passkeys a locked user has.

    Raises:
        TooManyPasskeys: there is no room for another.
    """
    found = await session.scalars(select(WebAuthnCredential.credential_id).where(WebAuthnCredential.user_id == user.id))
    existing = list(found.all())
    if len(existing) >= passkeys.MOST_PASSKEYS:
        raise TooManyPasskeys
    return existing
