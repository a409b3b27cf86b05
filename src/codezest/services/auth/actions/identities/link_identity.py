"""Connect an account elsewhere with one here, and disconnect it."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.i18n import gettext as _
from codezest.kit.sealing import Sealer, sealer_for
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.providers.identity import Identity
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import ConnectionNotFound, IdentityTaken, LastWayIn
from codezest.services.auth.ways_in.repository import ways_in_of
from codezest_db.ids import uuid7
from codezest_db.models.auth import OAuthAccount, User


async def link_identity(
    session: AsyncSession, settings: Settings, actor: Actor, identity: Identity, origin: Origin
) -> None:
    """Let an account elsewhere sign in as the actor; harmless when it does.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        IdentityTaken: it signs in as another user, or another of that provider as this one.
    """
    user = await policies.access_own_ways_in(session, actor)
    await connect(session, settings, user, identity, origin)


async def connect(session: AsyncSession, settings: Settings, user: User, identity: Identity, origin: Origin) -> None:
    """As `link_identity`, for a locked user of whom the caller knows that it is theirs.

    Raises:
        IdentityTaken: as said.
    """
    other = select(OAuthAccount.id).where(
        OAuthAccount.user_id == user.id,
        OAuthAccount.provider == identity.provider,
        OAuthAccount.provider_account_id != identity.account_id,
    )
    if await session.scalar(other.limit(1)):
        raise IdentityTaken(_("Your account is connected with another one there. Disconnect that one first."))
    made = await session.execute(
        insert(OAuthAccount)
        .values(
            id=uuid7(),
            user_id=user.id,
            provider=identity.provider,
            provider_account_id=identity.account_id,
            **kept_tokens(settings, identity),
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_account_id"])
        .returning(OAuthAccount.id)
    )
    made_id = made.scalar_one_or_none()
    if made_id is not None:
        await report_change(
            session,
            "identity.linked",
            user_id=user.id,
            origin=origin,
            actor_user_id=user.id,
            provider=identity.provider,
            connection=str(made_id),
        )
        return
    owner = await session.scalar(
        select(OAuthAccount.user_id).where(
            OAuthAccount.provider == identity.provider, OAuthAccount.provider_account_id == identity.account_id
        )
    )
    if owner != user.id:
        raise IdentityTaken


async def unlink_identity(session: AsyncSession, actor: Actor, connection_id: UUID, origin: Origin) -> None:
    """Let an account elsewhere no longer sign in as the actor.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        ConnectionNotFound: they have none of this id.
        LastWayIn: without it nobody could enter the account.
    """
    user = await policies.access_own_ways_in(session, actor)
    ways = await ways_in_of(session, user)
    if connection_id not in ways.identities:
        raise ConnectionNotFound
    if not ways.remain_without(connection_id):
        raise LastWayIn
    provider = await session.scalar(
        delete(OAuthAccount).where(OAuthAccount.id == connection_id).returning(OAuthAccount.provider)
    )
    await report_change(
        session,
        "identity.unlinked",
        user_id=user.id,
        origin=origin,
        actor_user_id=user.id,
        provider=str(provider),
        connection=str(connection_id),
    )


def kept_tokens(settings: Settings, identity: Identity) -> dict[str, object]:
    """The columns of a connection that hold what the provider granted, sealed."""
    sealer, granted = sealer_for(settings), identity.granted
    return {
        "access_token_encrypted": _sealed(sealer, identity, "access", granted.access_token),
        "refresh_token_encrypted": _sealed(sealer, identity, "refresh", granted.refresh_token),
        "id_token_encrypted": _sealed(sealer, identity, "id", granted.id_token),
        "access_token_expires_at": granted.expires_at,
        "scope": granted.scope,
    }


def _sealed(sealer: Sealer, identity: Identity, kind: str, token: str | None) -> bytes | None:
    if token is None:
        return None
    return sealer.seal(f"oauth {kind} token:{identity.provider}:{identity.account_id}", token.encode())
