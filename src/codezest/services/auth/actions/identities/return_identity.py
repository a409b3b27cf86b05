"""Take in who came back from an identity provider: to sign in, or to be connected with an account."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import tokens
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth.actions.begin_session import NewSession
from codezest.services.auth.actions.identities.begin_identity import request_for
from codezest.services.auth.actions.identities.link_identity import link_identity
from codezest.services.auth.actions.identities.sign_in_with_identity import sign_in_with_identity
from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue
from codezest.services.auth.providers import identity_provider
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import IdentityStateInvalid, ProviderFailed
from codezest_db.enums import CeremonyKind
from codezest_db.models.auth import Ceremony


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What became of it, and where to go on to. `outcome` is None where an account was connected."""

    outcome: NewSession | CodeDue | None
    next_path: str


async def return_identity(
    database: Database,
    settings: Settings,
    actor: Actor,
    key: str,
    *,
    token: str,
    state: str,
    code: str,
    origin: Origin,
) -> Arrival:
    """End what this browser began. The provider is asked between two transactions, while none is open.

    Args:
        database: where to write.
        settings: the configuration.
        actor: who is signed in, which is decisive for a connection.
        key: the provider, as the address names it.
        token: the secret of the browser's cookie.
        state: what the provider sent back with the browser.
        code: what the provider gives an identity for; empty where the person refused.
        origin: where the request came from.

    Raises:
        ProviderNotFound: no such provider is configured.
        IdentityStateInvalid: this browser began nothing of the kind, or it was ended before.
        ProviderFailed: the person refused, or the provider does, or is out of reach.
        IdentityUnverified, IdentityNeedsSignIn, EmailNotVerified, AccountSuspended: nobody is signed in by it.
        IdentityTaken: it is connected with another account.
    """
    provider = identity_provider(settings, key)
    if not tokens.signature_holds(settings.signing_key, "identity state", token, state):
        raise IdentityStateInvalid
    async with database.write("auth") as session:
        begun = await _take(session, provider.key, token, actor)
    if not code or begun.challenge is None:
        raise ProviderFailed(_("You did not allow it, or the provider refused. Nothing was changed."))
    request = request_for(settings, provider.key, token, begun.challenge)
    identity = await provider.identity(code, request)
    next_path = begun.next_path or ""
    async with database.write("auth") as session:
        if begun.kind is CeremonyKind.IDENTITY_LINK:
            await link_identity(session, settings, actor, identity, origin)
            return Arrival(outcome=None, next_path=next_path)
        outcome = await sign_in_with_identity(session, settings, identity, next_path=next_path, origin=origin)
        return Arrival(outcome=outcome, next_path=next_path)


async def _take(session: AsyncSession, provider: str, token: str, actor: Actor) -> Ceremony:
    """What was begun, which works no more. A connection belongs to the session it was begun in.

    Raises:
        IdentityStateInvalid: there is no such thing.
    """
    own = _own_link(actor.user_id, actor.session_id)
    taken = await session.scalars(
        delete(Ceremony)
        .where(
            Ceremony.token_hash == tokens.token_hash(token),
            Ceremony.provider == provider,
            Ceremony.expires_at > now(),
            or_(Ceremony.kind == CeremonyKind.IDENTITY_SIGN_IN, own),
        )
        .returning(Ceremony)
    )
    ceremony = taken.one_or_none()
    if ceremony is None:
        raise IdentityStateInvalid
    return ceremony


def _own_link(user_id: UUID | None, session_id: UUID | None):  # noqa: ANN202 - SQLAlchemy's own type of a condition
    return and_(
        Ceremony.kind == CeremonyKind.IDENTITY_LINK, Ceremony.user_id == user_id, Ceremony.session_id == session_id
    )
