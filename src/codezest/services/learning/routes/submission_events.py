"""A submission's way to its verdict, as server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from codezest.kit.actor import Actor
from codezest.kit.context import Resources
from codezest.kit.errors import NotFound
from codezest.services.learning.queries import work

SILENCE_SECONDS = 2.0
"""Messages may be lost; after this much silence the row is read again."""
HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
"""A browser connects again by itself; an idle stream must not live for ever."""


def sse_event(name: str, data: str) -> bytes:
    """One event; the data is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n".encode()


async def submission_events(resources: Resources, actor: Actor, submission_id: UUID) -> AsyncIterator[bytes]:
    """Events until the submission is final. The caller has been authorised; every reading of the row does so again."""
    pool = resources.database.pool("learning")
    ends = time.monotonic() + LONGEST_SECONDS
    beat = time.monotonic() + HEARTBEAT_SECONDS
    told: tuple[str, int, Any] | None = None
    done = 0
    # Subscribed before the first look, or what happens in between would be missed.
    async with resources.submissions.subscribe(str(submission_id)) as messages:
        while time.monotonic() < ends:
            try:
                status, total, body = await work.submission_state(pool, actor, submission_id)
            except NotFound:  # removed meanwhile
                return
            place = json.loads(body)["queue"] if status == "PENDING" else None
            if told != (status, done, place):
                told = (status, done, place)
                yield _status(status, done, total, place)
            if status in work.FINAL_STATUSES:
                yield sse_event("final", body)
                return
            while (message := await next_message(messages)) is not None:
                kind = message.get("kind")
                if kind == "final":
                    break
                done = int(message.get("done", done))
                if kind == "test":
                    # A copy: the message belongs to every subscriber.
                    test = {key: value for key, value in message.items() if key != "kind"}
                    yield sse_event("test", json.dumps(test, ensure_ascii=False))
                told = ("RUNNING", done, None)
                yield _status("RUNNING", done, int(message.get("total", total)))
            if time.monotonic() >= beat:
                beat = time.monotonic() + HEARTBEAT_SECONDS
                yield b": still here\n\n"


async def next_message(messages: asyncio.Queue[dict[str, Any]]) -> dict[str, Any] | None:
    """The next message, or None after a silence."""
    try:
        return await asyncio.wait_for(messages.get(), SILENCE_SECONDS)
    except TimeoutError:
        return None


def _status(status: str, done: int, total: int, place: dict[str, Any] | None = None) -> bytes:
    return sse_event("status", json.dumps({"status": status, "done": done, "total": total, "queue": place}))


class EventStream(StreamingResponse):
    """Events as an answer. While it is open it counts against its account's limit.

    Raises:
        TooManyRequests: the account has as many open as it may; before anything is answered.
    """

    def __init__(self, resources: Resources, actor: Actor, events: AsyncIterator[bytes]) -> None:
        super().__init__(
            events,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self._limiter = resources.limiter
        self._account = str(actor.require_user())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._limiter.stream(self._account):
            await super().__call__(scope, receive, send)
