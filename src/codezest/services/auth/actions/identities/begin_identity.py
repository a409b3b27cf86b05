"""Send a browser to an identity provider, so that nobody else can use what it brings back."""

import base64
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import tokens
from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.open_ceremony import keep_newest, open_ceremony
from codezest.services.auth.providers import identity_provider
from codezest.services.auth.providers.identity import AuthorizationRequest
from codezest.services.auth.ways_in import rules
from codezest_db.enums import CeremonyKind

MOST_WAITING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where to send the browser, and the secret that it must show on return."""

    url: str
    token: str = field(repr=False)
    provider_name: str


def request_for(settings: Settings, provider: str, token: str, challenge: bytes) -> AuthorizationRequest:
    """The round trip of a ceremony. All but the nonce follows from the browser's secret, so nothing of it is stored."""
    key = settings.signing_key
    return AuthorizationRequest(
        redirect_uri=f"{settings.public_url}/login/with/{provider.lower()}/callback",
        state=tokens.sign(key, "identity state", token),
        nonce=base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        code_verifier=tokens.sign(key, "identity verifier", token),
    )


async def begin_identity_sign_in(database: Database, settings: Settings, key: str, *, next_path: str) -> Departure:
    """Begin to sign in with an account elsewhere.

    Raises:
        ProviderNotFound: no such provider is configured.
        ProviderFailed: it is out of reach.
    """
    provider = identity_provider(settings, key)
    async with database.write("auth") as session:
        opened = await open_ceremony(
            session,
            CeremonyKind.IDENTITY_SIGN_IN,
            lifetime=rules.IDENTITY_LIFETIME,
            provider=provider.key,
            next_path=next_path,
        )
    request = request_for(settings, provider.key, opened.token, opened.challenge)
    return Departure(url=await provider.authorization_url(request), token=opened.token, provider_name=provider.name)


async def begin_identity_link(database: Database, settings: Settings, actor: Actor, key: str) -> Departure:
    """Begin to connect an account elsewhere with the actor's.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        ProviderNotFound: no such provider is configured.
        ProviderFailed: it is out of reach.
    """
    provider = identity_provider(settings, key)
    async with database.write("auth") as session:
        token, challenge = await _open_link(session, actor, provider.key)
    request = request_for(settings, provider.key, token, challenge)
    return Departure(url=await provider.authorization_url(request), token=token, provider_name=provider.name)


async def _open_link(session: AsyncSession, actor: Actor, provider: str) -> tuple[str, bytes]:
    user = await policies.access_own_ways_in(session, actor)
    opened = await open_ceremony(
        session,
        CeremonyKind.IDENTITY_LINK,
        lifetime=rules.IDENTITY_LIFETIME,
        user_id=user.id,
        session_id=actor.session_id,
        provider=provider,
        next_path="/account/connections",
    )
    await keep_newest(session, CeremonyKind.IDENTITY_LINK, user.id, most=MOST_WAITING)
    return opened.token, opened.challenge
