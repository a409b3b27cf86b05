"""Hands events from the outbox to their subscribers, at least once each: in order of their making, but for those that fail.

An event whose subscriber fails is tried again, each time later than the time before; those behind it go ahead. After
`MAX_ATTEMPTS`, most of ten hours later, it is given up: `given_up_at` is set, `last_error` says why, and it waits for an
operator.
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy.exc
import structlog
from sqlalchemy import func, select, update

from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.outbox import Subscription
from codezest_db.models.ops import Outbox

POLL_SECONDS = 1.0
BATCH = 100
MAX_ATTEMPTS = 20
"""Failures after which an event is given up."""
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
HANDLER_SECONDS = 60.0
"""How long one subscriber may take: one that hangs must not keep all events of all others."""
ERROR_LENGTH = 2_000

log = structlog.get_logger(__name__)


def pause_after(failures: int) -> timedelta:
    """How long an event waits after it has failed so often: twice as long each time, up to `LONGEST_PAUSE`.

    A random part of up to half is taken off, so that what failed together does not come back together.
    """
    longest = min(FIRST_PAUSE * 2 ** min(failures - 1, 30), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


async def relay_batch(database: Database, subscriptions: Sequence[Subscription]) -> int:
    """Relay the oldest events that are due; returns how many were tried.

    The rows are locked meanwhile, so that two relays never hand over one event at once.
    """
    async with database.write("ops") as session:
        waiting = await session.execute(
            select(Outbox.id, Outbox.topic, Outbox.payload, Outbox.attempts)
            .where(Outbox.relayed_at.is_(None), Outbox.given_up_at.is_(None), Outbox.due_at <= func.now())
            .order_by(Outbox.due_at, Outbox.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        rows = waiting.all()
        relayed: list[UUID] = []
        for event_id, topic, payload, attempts in rows:
            told = [subscription for subscription in subscriptions if subscription.topic == topic]
            error = await _hand_over({"event_id": str(event_id), **payload}, told)
            if error is None:
                relayed.append(event_id)
                continue
            values: dict[str, Any] = {"last_error": error[:ERROR_LENGTH], "attempts": attempts + 1}
            if attempts + 1 >= MAX_ATTEMPTS:
                log.error("event_given_up", topic=topic, event_id=str(event_id), error=error)
                values["given_up_at"] = func.now()
            else:
                # Not now(): that is when this batch began, which may be long ago.
                values["due_at"] = func.clock_timestamp() + pause_after(attempts + 1)
            await session.execute(update(Outbox).where(Outbox.id == event_id).values(**values))
        if relayed:
            await session.execute(update(Outbox).where(Outbox.id.in_(relayed)).values(relayed_at=func.now()))
        return len(rows)


async def _hand_over(event: Mapping[str, Any], subscriptions: Sequence[Subscription]) -> str | None:
    """Tell every subscriber, even if another one fails; returns what the last one that failed said."""
    error: str | None = None
    for subscription in subscriptions:
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await subscription.handler(dict(event))
        except Exception as raised:
            error = f"{subscription.subscriber}: {raised!r}"
            log.exception("subscriber_failed", topic=subscription.topic, event_id=event["event_id"])
    return error


async def relay_events(database: Database, subscriptions: Sequence[Subscription], stop: asyncio.Event) -> None:
    """Relay until told to stop."""
    while not stop.is_set():
        try:
            handled = await relay_batch(database, subscriptions)
        except (*CONNECTION_ERRORS, sqlalchemy.exc.SQLAlchemyError) as error:  # a full pool is no DBAPIError
            log.warning("relay_unavailable", error=str(error))
            handled = 0
        if handled < BATCH:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
