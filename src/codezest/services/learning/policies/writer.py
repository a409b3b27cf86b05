"""Names who writes, for the triggers that record versions of content."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest_db.enums import VersionSource

NAME_WRITER = "SELECT set_config('codezest.author', $1::text, true)"
"""Holds until the transaction ends."""


async def name_writer(session: AsyncSession, actor: Actor) -> None:
    """What this transaction writes is the actor's."""
    await _set(session, "codezest.author", _name(actor.user_id))


async def name_source(session: AsyncSession, source: VersionSource) -> None:
    """What this transaction writes came about in this way, and not in an author's form."""
    await _set(session, "codezest.version_source", source.value)


def _name(user_id: UUID | None) -> str:
    return "" if user_id is None else str(user_id)


async def _set(session: AsyncSession, name: str, value: str) -> None:
    await session.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
