"""An author's try on its way through the tests, as server-sent events."""

import json
import time
from collections.abc import AsyncIterator
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.context import Resources
from codezest.kit.errors import Forbidden, NotFound
from codezest.services.learning.queries.trials import latest_trial
from codezest.services.learning.routes.submission_events import (
    HEARTBEAT_SECONDS,
    LONGEST_SECONDS,
    next_message,
    sse_event,
)
from codezest_db.enums import TrialStatus


async def trial_events(resources: Resources, actor: Actor, assignment_id: UUID, trial_id: UUID) -> AsyncIterator[bytes]:
    """Events until the try is over, withdrawn or replaced. The caller has been authorised; every reading does so again."""
    pool = resources.database.pool("learning")
    ends = time.monotonic() + LONGEST_SECONDS
    beat = time.monotonic() + HEARTBEAT_SECONDS
    told: TrialStatus | None = None
    # Subscribed before the first look, or what happens in between would be missed.
    async with resources.submissions.subscribe(str(trial_id)) as messages:
        while time.monotonic() < ends:
            try:
                found = await latest_trial(pool, actor, assignment_id)
            except (Forbidden, NotFound):  # removed meanwhile, or no longer the caller's to see
                return
            if found is None or found.id != trial_id or found.finished_at is not None:
                yield sse_event("final", json.dumps({"status": found.status if found else None}))
                return
            if told is not found.status:
                told = found.status
                yield sse_event("status", json.dumps({"status": told}))
            while (message := await next_message(messages)) is not None:
                if message.get("kind") != "test":
                    break
                yield sse_event("test", json.dumps({key: value for key, value in message.items() if key != "kind"}))
            if time.monotonic() >= beat:
                beat = time.monotonic() + HEARTBEAT_SECONDS
                yield b": still here\n\n"
