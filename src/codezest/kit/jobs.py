"""Background work as rows of `ops`, written in the transaction that asks for it.

A job is a name and a small JSON payload. It runs at least once: after a crash it runs again, so a handler must change
nothing twice. Handlers are registered by `worker`, never by import side effect.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import driver_connection
from codezest_db import queue

Payload = Mapping[str, Any]
Handler = Callable[[Payload], Awaitable[None]]

INTERACTIVE = 2_000_000_000
"""The priority of short work a person is waiting for."""
FIRST_TURN = 1_000_000_000
ROUTINE = 0
"""The priority of everything that has no other."""
BULK = -1
"""The priority of work in bulk that nobody is waiting for, such as grading anew."""


def in_turn(turn: int) -> int:
    """The priority of work that people share fairly, by its round: lower rounds go first, all of them before `ROUTINE`."""
    return max(FIRST_TURN - turn, ROUTINE + 1)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of background work: its name in the queue and the coroutine that does it."""

    name: str
    handler: Handler
    max_attempts: int = 8
    """Failures after which the job is parked as failed for an operator, each retried later than the one before."""
    runs_programs: bool = False
    """Whether it keeps a processor busy. A worker takes no more such jobs than it can run: what waits, waits in the queue,
    where a job of a higher priority can still go before it."""
    in_bulk: bool = False
    """Whether it is one of many that nobody waits for, and takes long. However many there are, they keep no other job."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work that returns on a schedule; `cron` has five fields, UTC."""

    name: str
    cron: str
    handler: Callable[[], Awaitable[None]] = field(repr=False)


async def enqueue(
    session: AsyncSession,
    name: str,
    payload: Payload,
    *,
    priority: int = ROUTINE,
    delay: timedelta | None = None,
    dedupe_key: str | None = None,
) -> None:
    """Ask for a job within the session's transaction: it exists exactly if the transaction commits.

    Args:
        session: the open transaction.
        name: the name of a registered `Job`.
        payload: JSON values; ids rather than content, and never a secret.
        priority: higher runs earlier.
        delay: how long to wait at least.
        dedupe_key: an unfinished job with the same key makes this call a no-op.
    """
    queries = queue.queries(queue.AsyncpgDriver(await driver_connection(session)))
    await queries.enqueue(
        name,
        json.dumps(payload, default=str).encode(),
        priority,
        delay,
        dedupe_key,
        None,
        on_conflict="skip",
    )
