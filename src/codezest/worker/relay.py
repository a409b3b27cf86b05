"""Hands events from the outbox to their subscribers, in order of their making, at least once each."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy.exc
import structlog
from sqlalchemy import func, select, update

from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.outbox import Subscription
from codezest_db.models.ops import Outbox

POLL_SECONDS = 1.0
BATCH = 100
MAX_ATTEMPTS = 20
"""Failures after which an event is set aside: `relayed_at` is set and `last_error` says why."""

log = structlog.get_logger(__name__)


async def relay_batch(database: Database, subscriptions: Sequence[Subscription]) -> int:
    """Relay the oldest waiting events; returns how many were handled.

    The rows are locked meanwhile, so that two relays never hand over one event at once. An event whose subscriber fails
    stays for the next round; those behind it go ahead.
    """
    async with database.write("ops") as session:
        waiting = await session.execute(
            select(Outbox.id, Outbox.topic, Outbox.payload, Outbox.attempts)
            .where(Outbox.relayed_at.is_(None))
            .order_by(Outbox.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        handled = 0
        for event_id, topic, payload, attempts in waiting.all():
            error: str | None = None
            for subscription in subscriptions:
                if subscription.topic != topic:
                    continue
                try:
                    await subscription.handler({"event_id": str(event_id), **payload})
                except Exception as raised:
                    error = f"{subscription.subscriber}: {raised!r}"
                    log.exception("subscriber_failed", topic=topic, event_id=str(event_id))
            given_up = error is not None and attempts + 1 >= MAX_ATTEMPTS
            values: dict[str, Any] = {"last_error": error, "attempts": attempts + 1} if error else {}
            if error is None or given_up:
                values["relayed_at"] = func.now()
                handled += 1
            await session.execute(update(Outbox).where(Outbox.id == event_id).values(**values))
        return handled


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
