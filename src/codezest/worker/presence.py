"""Lets everybody see that this worker lives, and what it can do: one row, renewed by one statement now and then."""

import asyncio
import contextlib
import platform
from dataclasses import dataclass
from uuid import UUID

import structlog

from codezest import __version__
from codezest.grading import Grader
from codezest.grading.languages import Toolchain
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest_db.ids import uuid7

RENEWED_SECONDS = 15.0
FORGOTTEN_DAYS = 1

_ANNOUNCE = """
INSERT INTO ops.workers (id, host, version, sandbox_tier, refusal, languages)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET
    sandbox_tier = excluded.sandbox_tier, refusal = excluded.refusal, languages = excluded.languages, seen_at = now()
"""
_FORGET = "DELETE FROM ops.workers WHERE id = $1 OR seen_at < now() - make_interval(days => $2)"

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Presence:
    """What one worker process tells of itself."""

    database: Database
    grader: Grader
    refusal: str | None
    """Why the grader does not run; may change."""
    id: UUID

    @classmethod
    def of(cls, database: Database, grader: Grader, refusal: str | None) -> "Presence":
        return cls(database=database, grader=grader, refusal=refusal, id=uuid7())

    async def announce(self) -> None:
        """Write or renew the row. Raises what a lost connection raises."""
        languages = {
            key: found.version if isinstance(found, Toolchain) else None
            for key, found in self.grader.toolchains.items()
            if self.refusal is None
        }
        await self.database.pool("ops").execute(
            _ANNOUNCE, self.id, platform.node(), __version__, self.grader.tier().name, self.refusal, languages
        )

    async def keep_announcing(self, stop: asyncio.Event) -> None:
        """Until told to stop; then the row goes, and with it those of workers that were killed long ago."""
        while not stop.is_set():
            try:
                await self.announce()
            except CONNECTION_ERRORS as error:
                log.warning("presence_unavailable", error=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RENEWED_SECONDS)
        with contextlib.suppress(*CONNECTION_ERRORS):
            await self.database.pool("ops").execute(_FORGET, self.id, FORGOTTEN_DAYS)
