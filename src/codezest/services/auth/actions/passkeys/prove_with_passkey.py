"""Show once more who one is, with a passkey."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.open_ceremony import keep_newest, open_ceremony, take_ceremony
from codezest.services.auth.actions.passkeys.use_passkey import use_passkey
from codezest.services.auth.actions.prove import mark_proved
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import passkeys, rules
from codezest.services.auth.ways_in.errors import PasskeyCopied, PasskeyRefused
from codezest.services.auth.ways_in.schemas import PasskeyOptions
from codezest_db.enums import CeremonyKind
from codezest_db.models.auth import WebAuthnCredential

MOST_WAITING = 5


async def begin_proof(session: AsyncSession, settings: Settings, actor: Actor) -> PasskeyOptions:
    """What the browser is to ask an authenticator for: one of the actor's passkeys.

    Raises:
        Unauthenticated, ProofNeeded: the request is not made in a session.
    """
    user_id, session_id = policies.require_session(actor)
    allowed = await session.scalars(
        select(WebAuthnCredential.credential_id).where(WebAuthnCredential.user_id == user_id)
    )
    opened = await open_ceremony(
        session,
        CeremonyKind.PASSKEY_PROOF,
        lifetime=rules.PASSKEY_LIFETIME,
        user_id=user_id,
        session_id=session_id,
    )
    await keep_newest(session, CeremonyKind.PASSKEY_PROOF, user_id, most=MOST_WAITING)
    options = passkeys.request_options(settings, challenge=opened.challenge, allowed=allowed.all())
    return PasskeyOptions(ceremony=opened.token, options=options)


async def prove_with_passkey(
    database: Database, settings: Settings, actor: Actor, *, ceremony: str, answer: dict[str, Any], origin: Origin
) -> None:
    """Mark the actor's session as proved.

    Raises:
        Unauthenticated, ProofNeeded: the request is not made in a session.
        CeremonyOver: nothing of the kind was begun in this session, or too long ago.
        PasskeyRefused: it is not their passkey, or its answer does not hold.
        PasskeyCopied: its count has fallen; the owner is told.
    """
    user_id, session_id = policies.require_session(actor)
    assertion = passkeys.assertion_in(answer)
    async with database.write("auth") as session:
        begun = await take_ceremony(
            session, CeremonyKind.PASSKEY_PROOF, ceremony, user_id=user_id, session_id=session_id
        )
        assert begun.challenge is not None
        used = await use_passkey(session, settings, assertion, challenge=begun.challenge, origin=origin)
        if used.user.id != user_id:
            raise PasskeyRefused
        if not used.copied:
            await mark_proved(session, actor)
            return
    raise PasskeyCopied
