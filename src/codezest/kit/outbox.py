"""Events as rows, written in the transaction that makes them true, relayed to subscribers by the worker."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.ids import uuid7
from codezest_db.models.ops import Outbox


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Derive frozen dataclasses in `codezest.events`; fields are JSON values and UUIDs."""

    topic: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A service's reaction to a topic. The handler runs at least once per event and must change nothing twice."""

    topic: str
    subscriber: str
    handler: Callable[[dict[str, Any]], Awaitable[None]]


async def publish(session: AsyncSession, event: Event) -> None:
    """Announce an event within the session's transaction: it is relayed exactly if the transaction commits."""
    payload = json.loads(json.dumps(asdict(event), default=str))
    await session.execute(insert(Outbox).values(id=uuid7(), topic=event.topic, payload=payload))
