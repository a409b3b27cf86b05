"""Events as rows, written in the transaction that makes them true, relayed to subscribers by the worker."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import asyncpg
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.ids import uuid7
from codezest_db.models.ops import Outbox

BATCH = 1_000
"""Events of one statement."""
COUNTED = 10_000
"""As far as waiting events are counted: more is too many, however many more."""

# Events by indexes that hold nothing else; of jobs there are never many.
_BACKLOG = f"""
SELECT
    (SELECT count(*) FROM (
        SELECT FROM ops.outbox WHERE relayed_at IS NULL AND given_up_at IS NULL LIMIT {COUNTED}) o) AS waiting,
    (SELECT count(*) FROM (SELECT FROM ops.outbox WHERE given_up_at IS NOT NULL LIMIT {COUNTED}) o) AS given_up,
    (SELECT count(*) FROM (SELECT FROM ops.pgqueuer WHERE status = 'failed' LIMIT {COUNTED}) j) AS failed_jobs
"""  # noqa: S608 - constants


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is not done in the background; each number is told up to `COUNTED`."""

    waiting: int
    """Events to be relayed, those that failed and wait to be tried again included."""
    given_up: int
    """Events that failed too often and wait for an operator."""
    failed_jobs: int
    """Jobs that failed too often and wait for an operator."""


async def publish(session: AsyncSession, *events: Event) -> None:
    """Announce events within the session's transaction: they are relayed exactly if the transaction commits."""
    for start in range(0, len(events), BATCH):
        await session.execute(
            insert(Outbox),
            [
                {"id": uuid7(), "topic": event.topic, "payload": json.loads(json.dumps(asdict(event), default=str))}
                for event in events[start : start + BATCH]
            ],
        )


async def backlog(pool: asyncpg.Pool) -> Backlog:
    """How much waits, and how much was given up. `pool` is that of the service `ops`."""
    row = await pool.fetchrow(_BACKLOG)
    assert row is not None
    return Backlog(waiting=row["waiting"], given_up=row["given_up"], failed_jobs=row["failed_jobs"])
