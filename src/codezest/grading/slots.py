"""How many sandboxes may run programs at once, and lending what nobody wants at the moment."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Slots:
    """As many as there are processors, unless told otherwise. For one event loop."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._free = asyncio.Semaphore(count)

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[None]:
        """Wait for a slot, first come, first served."""
        async with self._free:
            yield

    @asynccontextmanager
    async def spare(self, wanted: int) -> AsyncGenerator[int]:
        """At most `wanted` slots that are free right now, without waiting. Gives their number, which may be 0."""
        taken = 0
        try:
            while taken < wanted and not self._free.locked():
                await self._free.acquire()
                taken += 1
            yield taken
        finally:
            for _ in range(taken):
                self._free.release()
