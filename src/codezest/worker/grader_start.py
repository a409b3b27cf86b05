"""Starts the grader of a worker, again and again while that may help, and lets nobody's program fail for it meanwhile."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from codezest.grading import Grade, GradingSpec, LauncherFailed, TestOutcome
from codezest_sandbox import IsolationUnavailable, Tier

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
PATIENT_TRIES = 8
"""After so many tries, which take more than a minute, programs are taken from the queue even so: their learners must hear
something in the end. A grader that starts later grades them yet, if they are still tried."""

log = structlog.get_logger(__name__)


class Startable(Protocol):
    """`codezest.grading.Grader`, as far as it is used here."""

    def start(self) -> None: ...
    def tier(self) -> Tier: ...
    async def grade(
        self,
        spec: GradingSpec,
        source: str | Mapping[str, str],
        on_outcome: Callable[[TestOutcome], None] | None = None,
    ) -> Grade: ...


class GraderStart:
    """The way of one grader from nothing to work. Grades as it does, once `settled` is set."""

    def __init__(self, grader: Startable) -> None:
        self._grader = grader
        self.refusal: str | None = None
        """Why the grader does not run; None when it does."""
        self.settled = asyncio.Event()
        """There is nothing more to wait for: programs can be run, or their learners can be told why not."""

    async def try_once(self) -> bool:
        """Returns whether it makes no sense to try again: it runs, or it never will."""
        try:
            await asyncio.to_thread(self._grader.start)
        except LauncherFailed as failure:
            self.refusal = str(failure)
            log.warning("grader_not_started", reason=self.refusal)
            return False
        except IsolationUnavailable as error:
            self.refusal = str(error)
            log.error("grading_refused", reason=self.refusal)  # noqa: TRY400 - a reason, not a bug
        else:
            self.refusal = None
            log.info("grading_ready", tier=self._grader.tier().name)
        self.settled.set()
        return True

    async def keep_trying(self, stop: asyncio.Event) -> None:
        """After a first try in vain: until it makes no sense, or `stop` is set."""
        pause, tries = FIRST_PAUSE, 1
        try:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                    break
                if await self.try_once():
                    break
                tries += 1
                if tries >= PATIENT_TRIES:
                    self.settled.set()
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self.settled.set()

    async def grade(
        self,
        spec: GradingSpec,
        source: str | Mapping[str, str],
        on_outcome: Callable[[TestOutcome], None] | None = None,
    ) -> Grade:
        """As the grader does. Jobs that were taken before it is settled wait here."""
        await self.settled.wait()
        return await self._grader.grade(spec, source, on_outcome)
