"""Tell whoever waits how far a program is, test by test, while it is being graded."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import structlog

from codezest.kit.broadcast import SUBMISSIONS_CHANNEL, Message, notify
from codezest.kit.database import CONNECTION_ERRORS, Database

log = structlog.get_logger(__name__)


@asynccontextmanager
async def telling(database: Database, topic: str) -> AsyncGenerator[Callable[[Message], None]]:
    """A function that sends messages in order without waiting for them; the block ends when all are on their way.

    One that is lost is only a hint lost: the result is in the rows.
    """
    waiting: asyncio.Queue[Message | None] = asyncio.Queue()

    async def send() -> None:
        while (message := await waiting.get()) is not None:
            try:
                await notify(database.pool("learning"), SUBMISSIONS_CHANNEL, topic, message)
            except CONNECTION_ERRORS as error:
                log.warning("progress_not_told", topic=topic, error=str(error))

    teller = asyncio.create_task(send())
    try:
        yield waiting.put_nowait
    finally:
        waiting.put_nowait(None)
        await teller
