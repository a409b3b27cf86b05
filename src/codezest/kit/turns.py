"""Who runs a program next, of the jobs that one worker has taken."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

KEPT = 2
"""One to be taken at once, and the one by which a worker takes more programs than it can run."""


class Turns:
    """A number of places for running programs.

    Whoever is waited for goes before all who are not, and whoever must be alone before all others. Those whom nobody waits
    for leave `KEPT` places free, if there are more, so that whoever comes does not wait for a long one of them to end.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._free = places
        self._kept = min(KEPT, places - 1)
        self._urgent = 0
        self._alone = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def urgent(self) -> AsyncGenerator[None]:
        """A place for a program that a person waits for."""
        async with self._changed:
            self._urgent += 1
            try:
                await self._changed.wait_for(lambda: self._free > 0 and not self._alone)
                self._free -= 1
            finally:
                self._urgent -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            await self._give_back()

    @asynccontextmanager
    async def patient(self) -> AsyncGenerator[None]:
        """A place for one that nobody waits for."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._free > self._kept and not self._urgent and not self._alone)
            self._free -= 1
        try:
            yield
        finally:
            await self._give_back()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """All places, for a program that may do harm to those that run beside it."""
        async with self._changed:
            self._alone += 1
            try:
                await self._changed.wait_for(lambda: self._free == self._places)
                self._free = 0
            finally:
                self._alone -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            await self._give_back(self._places)

    async def _give_back(self, places: int = 1) -> None:
        async with self._changed:
            self._free += places
            self._changed.notify_all()
