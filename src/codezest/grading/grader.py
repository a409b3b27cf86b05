"""Runs submissions: one fresh sandbox each, several at a time, and judges what comes out."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress

from codezest.grading.display import shown
from codezest.grading.feedback import feedback_for, feedback_for_compile_error
from codezest.grading.grade import Grade, TestOutcome
from codezest.grading.languages import Language, find_language
from codezest.grading.plan import PlannedTest, compile_limits, plan
from codezest.grading.spec import GradingSpec
from codezest.grading.verdict import NOT_RUN, judge, score_of, status_of, worst
from codezest_db.enums import SubmissionStatus, Verdict
from codezest_sandbox import IsolationUnavailable, RunOutput, SandboxDied, Tier
from codezest_sandbox.connection import Sandbox
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import find_interpreter

LARGEST_SOURCE = 256 * 1024
"""Bytes of UTF-8. A larger program is not looked at."""

_CHECKED_ON_THE_LOOP = 64 * 1024
"""Outputs up to this size are compared at once; larger ones in a thread, so that nobody else waits."""

OnOutcome = Callable[[TestOutcome], None]


class Grader:
    """One for each worker process. Start it, grade from one event loop, close it."""

    def __init__(
        self,
        *,
        required_tier: Tier | None = None,
        python: str | None = None,
        concurrency: int | None = None,
        prewarmed: int = 1,
    ) -> None:
        """Prepare; nothing is started yet.

        Args:
            required_tier: the weakest isolation to grade under; NAMESPACES unless given, and never NONE.
            python: interpreter that submissions run under; the one of this process unless given.
            concurrency: submissions at a time; the number of cores unless given.
            prewarmed: sandboxes kept ready, each never used before.
        """
        self._required_tier = max(required_tier or Tier.NAMESPACES, Tier.LANDLOCK)
        self._python = python
        self._concurrency = concurrency or os.cpu_count() or 1
        self._prewarmed = prewarmed
        self._ready: deque[Sandbox] = deque()
        self._launcher: Launcher | None = None
        self._slots = asyncio.Semaphore(self._concurrency)
        self._restarting = asyncio.Lock()

    def start(self) -> None:
        """Start the launcher and see that it isolates.

        Raises:
            IsolationUnavailable: it does not, or not well enough; the message says how to get it.
        """
        launcher = Launcher(find_interpreter(self._python))
        launcher.start()
        self._require_tier(launcher)
        self._launcher = launcher
        self._prewarm()

    def _require_tier(self, launcher: Launcher) -> None:
        """At every start: what the machine offers may have changed."""
        if launcher.tier < self._required_tier:
            launcher.close()
            raise IsolationUnavailable(f"{self._required_tier.name} is required, {launcher.tier.name} is what there is")

    def close(self) -> None:
        """End the launcher and all sandboxes."""
        while self._ready:
            self._ready.pop().close()
        if self._launcher is not None:
            self._launcher.close()
            self._launcher = None

    def tier(self) -> Tier:
        """What programs are isolated by; NONE before the start."""
        return Tier.NONE if self._launcher is None else self._launcher.tier

    @property
    def launcher_pid(self) -> int | None:
        """Process id of the launcher while there is one, for supervision."""
        return None if self._launcher is None else self._launcher.pid

    async def grade(self, spec: GradingSpec, source: str, on_outcome: OnOutcome | None = None) -> Grade:
        """Grade one submission.

        Args:
            spec: tests, limits and points.
            source: the learner's program.
            on_outcome: called on the event loop's thread as each test ends, in order.

        Raises:
            IsolationUnavailable: the grader is not started, or could not be started again.
            UnknownLanguageError: see there.
        """
        language = find_language(spec.language)
        content = source.encode("utf-8", "surrogatepass")
        if len(content) > LARGEST_SOURCE:
            return self._compile_error(
                f"The program has {len(content)} bytes; at most {LARGEST_SOURCE} are accepted.\n"
            )
        async with self._slots:
            try:
                return await self._grade_in_sandbox(spec, language, content, on_outcome)
            except _NotBegun:
                return await self._grade_in_sandbox(spec, language, content, on_outcome, last_try=True)
            finally:
                self._prewarm()  # now, and not while this submission wanted the processor

    async def _grade_in_sandbox(
        self,
        spec: GradingSpec,
        language: Language,
        content: bytes,
        on_outcome: OnOutcome | None,
        *,
        last_try: bool = False,
    ) -> Grade:
        planned = plan(spec)
        outcomes: list[TestOutcome] = []
        said = ""
        try:
            async with await self._sandbox() as sandbox:
                prepared = await sandbox.prepare(content, compile_limits(spec))
                said = language.clean_errors(shown(prepared.output.encode(), keep_end=True))
                if not prepared.ok:
                    return self._compile_error(said)
                async with aclosing(sandbox.run([test.case for test in planned])) as outputs:
                    async for output in outputs:
                        outcome = await _outcome(planned[len(outcomes)], language, output)
                        outcomes.append(outcome)
                        if on_outcome is not None:
                            on_outcome(outcome)
        except SandboxDied:
            if not outcomes and not last_try:
                raise _NotBegun from None
            for test in planned[len(outcomes) :]:
                outcomes.append(_not_run(test))
                if on_outcome is not None:
                    on_outcome(outcomes[-1])
            if not planned:
                return self._grade(spec, outcomes, said, [Verdict.IE])
        return self._grade(spec, outcomes, said, [outcome.verdict for outcome in outcomes])

    async def _sandbox(self) -> Sandbox:
        launcher = self._launcher
        if launcher is None:
            raise IsolationUnavailable("the grader is not started")
        async with self._restarting:
            if not launcher.alive:
                while self._ready:
                    self._ready.pop().close()
                # A cancelled submission must not leave a half started launcher to the next: the lock is held to the end.
                starting = asyncio.ensure_future(asyncio.to_thread(launcher.start))
                try:
                    await asyncio.shield(starting)
                finally:
                    await asyncio.wait([starting])
            self._require_tier(launcher)
        return self._ready.popleft() if self._ready else launcher.spawn()

    def _prewarm(self) -> None:
        with suppress(SandboxDied):  # the next grade finds out, and starts the launcher again
            while self._launcher is not None and len(self._ready) < self._prewarmed:
                self._ready.append(self._launcher.spawn())

    def _grade(self, spec: GradingSpec, outcomes: Sequence[TestOutcome], said: str, verdicts: list[Verdict]) -> Grade:
        points = [outcome.max_points for outcome in outcomes]
        return Grade(
            verdict=worst(verdicts),
            status=status_of(verdicts),
            score=score_of(verdicts, points, spec.max_score) if outcomes or Verdict.IE not in verdicts else 0,
            outcomes=tuple(outcomes),
            feedback=feedback_for(outcomes),
            compile_output=said or None,
            runtime=self._runtime,
            tier=self.tier().name,
        )

    def _compile_error(self, said: str) -> Grade:
        return Grade(
            verdict=Verdict.CE,
            status=SubmissionStatus.FAILED,
            score=0,
            outcomes=(),
            feedback=feedback_for_compile_error(said),
            compile_output=said,
            runtime=self._runtime,
            tier=self.tier().name,
        )

    @property
    def _runtime(self) -> str:
        return "" if self._launcher is None else self._launcher.interpreter.version


class _NotBegun(Exception):  # never leaves this module
    """The sandbox was gone before the first test ended: nothing was told to anybody, so it may be tried again."""


async def _outcome(planned: PlannedTest, language: Language, output: RunOutput) -> TestOutcome:
    if output.stdout_length <= _CHECKED_ON_THE_LOOP:
        judgement = judge(planned, language, output)
    else:
        judgement = await asyncio.to_thread(judge, planned, language, output)
    accepted = judgement.verdict is Verdict.AC
    return TestOutcome(
        index=planned.index,
        name=planned.test.name,
        verdict=judgement.verdict,
        points=planned.test.points if accepted else 0,
        max_points=planned.test.points,
        time_ms=round(output.result.cpu_seconds * 1000),
        memory_kb=output.result.memory_bytes // 1024,
        visible=planned.test.visible,
        stdout=shown(output.stdout, output.stdout_length),
        stderr=language.clean_errors(shown(output.stderr, output.stderr_length, keep_end=True)),
        message=judgement.message,
    )


def _not_run(planned: PlannedTest) -> TestOutcome:
    return TestOutcome(
        index=planned.index,
        name=planned.test.name,
        verdict=Verdict.IE,
        points=0,
        max_points=planned.test.points,
        time_ms=0,
        memory_kb=0,
        visible=planned.test.visible,
        stdout="",
        stderr="",
        message=NOT_RUN,
    )
