"""Proofs that take more than one request: begun in one, taken up once in another."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth.ways_in.errors import CeremonyOver
from codezest_db.enums import CeremonyKind
from codezest_db.ids import uuid7
from codezest_db.models.auth import Ceremony

CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ceremony that has begun. The token stays with the browser or program that began it."""

    token: str = field(repr=False)
    challenge: bytes = field(repr=False)


async def open_ceremony(
    session: AsyncSession,
    kind: CeremonyKind,
    *,
    lifetime: timedelta,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
    provider: str | None = None,
    next_path: str | None = None,
) -> Opened:
    """Remember what was begun, until it is ended or its time is over."""
    opened = Opened(token=new_token("czc"), challenge=secrets.token_bytes(CHALLENGE_BYTES))
    session.add(
        Ceremony(
            id=uuid7(),
            token_hash=token_hash(opened.token),
            kind=kind,
            user_id=user_id,
            session_id=session_id,
            provider=provider,
            challenge=opened.challenge,
            next_path=next_path or None,
            expires_at=now() + lifetime,
        )
    )
    await session.flush()
    return opened


async def take_ceremony(
    session: AsyncSession,
    kind: CeremonyKind,
    token: str,
    *,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
) -> Ceremony:
    """What was begun with this token, which works no more: of two requests at once, one gets it.

    Where the caller is signed in, `user_id` and `session_id` are theirs, and must be those it was begun with.

    Raises:
        CeremonyOver: there is no such ceremony, it is over, or it is another person's.
    """
    taken = await session.scalars(
        delete(Ceremony)
        .where(Ceremony.token_hash == token_hash(token), Ceremony.kind == kind, Ceremony.expires_at > now())
        .where(Ceremony.user_id.is_not_distinct_from(user_id), Ceremony.session_id.is_not_distinct_from(session_id))
        .returning(Ceremony)
    )
    ceremony = taken.one_or_none()
    if ceremony is None:
        raise CeremonyOver
    return ceremony


async def keep_newest(session: AsyncSession, kind: CeremonyKind, user_id: UUID, *, most: int) -> None:
    """End all but the newest ceremonies of a kind that wait for one user."""
    newest = (
        select(Ceremony.id)
        .where(Ceremony.user_id == user_id, Ceremony.kind == kind)
        .order_by(Ceremony.id.desc())
        .limit(most)
    )
    await session.execute(
        delete(Ceremony).where(Ceremony.user_id == user_id, Ceremony.kind == kind, Ceremony.id.not_in(newest))
    )
