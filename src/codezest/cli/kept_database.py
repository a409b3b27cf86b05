"""Keeps the embedded PostgreSQL of a running product running: it may be killed for memory, or stop at a full disk."""

import subprocess
import sys
import time

from codezest.kit.postgres import EmbeddedPostgres, PostgresUnavailable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0
"""A server that has answered for so long has got over what made it end."""
MOST_FAILURES = 8
"""In a row. With the pauses between them they take about a minute and a half."""


class KeptDatabase:
    """Call `keep_alive` now and then; it never waits for long. The address stays the same, so clients simply connect again."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        """`server`: started, and stopped by the caller."""
        self._server = server
        self._failures = 0
        self._again_at: float | None = None
        """When to start it; None while it runs."""
        self._ready_since: float | None = time.monotonic()

    def keep_alive(self) -> None:
        """Start the server again if it has ended, later each time.

        Raises:
            PostgresUnavailable: it keeps ending; trying on would not help.
        """
        now = time.monotonic()
        if self._server.running:
            self._watch(now)
        elif self._again_at is None:
            self._plan(now)
        elif now >= self._again_at:
            self._again_at = self._ready_since = None
            try:
                self._server.start_again()
            except (OSError, subprocess.SubprocessError) as error:
                print(f"The database could not be started: {error}", file=sys.stderr)

    def _watch(self, now: float) -> None:
        if self._ready_since is None:
            if self._server.ready:
                self._ready_since = now
                print("The database answers again.", file=sys.stderr)
        elif now - self._ready_since >= STEADY_SECONDS:
            self._failures = 0

    def _plan(self, now: float) -> None:
        self._failures += 1
        if self._failures > MOST_FAILURES:
            raise PostgresUnavailable(
                f"The database has ended {self._failures} times in a row; everything stops now. Its last messages:\n"
                f"{self._server.last_messages()}\n"
                "Free what it says it lacks (mostly disk space or memory), then start again. What was saved is kept."
            )
        pause = min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE)
        self._again_at = now + pause
        print(f"The database has ended; starting it again in {pause:g} s.", file=sys.stderr)
