"""PostgreSQL's NOTIFY as messages to whoever waits in this process.

A message is a hint, never the truth: it may be lost while a connection is down, so a subscriber reads the rows first and
again after a while of silence.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
import structlog

from codezest.kit.database import CONNECTION_ERRORS, Database, Service

Message = dict[str, Any]

SUBMISSIONS_CHANNEL = "codezest_submissions"
"""Where the grader tells how far a submission is; the topic is the submission's id."""
QUEUE_LENGTH = 256
RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


async def notify(connection: asyncpg.Connection | asyncpg.Pool, channel: str, topic: str, message: Message) -> None:
    """Send a message to every subscriber of a topic, when the surrounding transaction commits. At most 7,900 bytes."""
    await connection.execute("SELECT pg_notify($1, $2)", channel, json.dumps({"topic": topic} | message))


class Broadcast:
    """One LISTEN connection, many subscribers. Runs as an async context manager."""

    def __init__(self, database: Database, service: Service, channel: str) -> None:
        self._database = database
        self._service: Service = service
        self._channel = channel
        self._subscribers: dict[str, set[asyncio.Queue[Message]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[asyncio.Queue[Message]]:
        """A queue of the topic's messages, for as long as the block runs."""
        queue: asyncio.Queue[Message] = asyncio.Queue(QUEUE_LENGTH)
        self._subscribers[topic].add(queue)
        try:
            yield queue
        finally:
            self._subscribers[topic].discard(queue)
            if not self._subscribers[topic]:
                del self._subscribers[topic]

    def _deliver(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        message: Message = json.loads(str(payload))
        for queue in self._subscribers.get(str(message.pop("topic", "")), ()):
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(message)

    async def _listen(self) -> None:
        while True:
            connection: asyncpg.Connection | None = None
            try:
                connection = await self._database.connect(self._service)
                await connection.add_listener(self._channel, self._deliver)
                lost = asyncio.Event()

                def lose(_connection: object, lost: asyncio.Event = lost) -> None:
                    lost.set()

                connection.add_termination_listener(lose)
                await lost.wait()
                log.warning("broadcast_connection_lost", channel=self._channel)
            except CONNECTION_ERRORS as error:
                log.warning("broadcast_unavailable", channel=self._channel, error=str(error))
            finally:
                if connection is not None and not connection.is_closed():
                    await connection.close(timeout=2)
            await asyncio.sleep(RECONNECT_SECONDS)
