"""Runs submissions: a fresh sandbox each, several at a time, and judges what comes out."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from codezest.grading.author_program import AuthorProgramFailed
from codezest.grading.compile_cache import CompileCache
from codezest.grading.compiling import CompileFailed, Compiler
from codezest.grading.deadline import deadline_seconds
from codezest.grading.feedback import feedback_for, feedback_for_compile_error
from codezest.grading.generators import GeneratedInputs
from codezest.grading.grade import Grade, TestOutcome
from codezest.grading.languages import Missing, Toolchain, UnknownLanguageError, find_language
from codezest.grading.modes import MODES, Submission
from codezest.grading.plan import PlannedTest, plan
from codezest.grading.rules import RuleViolation, check_rules_apart, rules_feedback
from codezest.grading.sandboxes import LanguageUnavailable, Sandboxes
from codezest.grading.score import Mark, score_marks
from codezest.grading.slots import Slots
from codezest.grading.spec import GradingSpec
from codezest.grading.verdict import NOT_RUN
from codezest_db.enums import SubmissionStatus, Verdict
from codezest_sandbox import SandboxDied, Tier
from codezest_sandbox.archive import check_name

LARGEST_SOURCE = 256 * 1024
"""Bytes of UTF-8, all files together. A larger program is not looked at."""

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
            prewarmed: sandboxes kept ready for each language in use, each never used before.
        """
        self.sandboxes = Sandboxes(
            required_tier=max(required_tier or Tier.NAMESPACES, Tier.LANDLOCK), python=python, prewarmed=prewarmed
        )
        self._slots = Slots(concurrency or os.cpu_count() or 1)
        self._compiled = CompileCache()
        self._inputs = GeneratedInputs()

    def start(self) -> None:
        """Look for toolchains, start the launcher and see that it isolates.

        Raises:
            LauncherFailed: see there. May be called again; meanwhile grading fails as if a sandbox had died.
            IsolationUnavailable: it does not, or not well enough; the message says how to get it.
        """
        self.sandboxes.start()

    def close(self) -> None:
        """End the launcher and all sandboxes."""
        self.sandboxes.close()

    def tier(self) -> Tier:
        """What programs are isolated by; NONE before the start."""
        return self.sandboxes.tier

    @property
    def launcher_pid(self) -> int | None:
        """Process id of the launcher while there is one, for supervision."""
        return self.sandboxes.launcher_pid

    @property
    def toolchains(self) -> Mapping[str, Toolchain | Missing]:
        """By language: what was found at the start, or why nothing was."""
        return self.sandboxes.found

    async def grade(
        self, spec: GradingSpec, source: str | Mapping[str, str], on_outcome: OnOutcome | None = None
    ) -> Grade:
        """Grade one submission.

        Args:
            spec: tests, limits and points.
            source: the learner's program; a mapping from relative paths to texts for several files.
            on_outcome: called on the event loop's thread as each test ends: visible tests in order, then hidden ones.

        Raises:
            IsolationUnavailable: the grader is not started, or this machine does not isolate any more.
            SandboxDied: the grader could not be started for the moment.
            UnknownLanguageError: see there.
            LanguageUnavailable: see there.
            TimeoutError: it took longer than all its limits together allow; it hangs for a reason of ours.
        """
        language = find_language(spec.language)
        compiler = Compiler(
            language=language,
            toolchain=self.sandboxes.toolchain(language.key),
            cache=self._compiled,
            service=self.sandboxes.compile_service(language.key),
            apart=spec.strict,
        )
        entry = spec.entry or language.file_name
        sources = {entry: source} if isinstance(source, str) else dict(source)
        version = compiler.toolchain.version
        refusal = _refusal(sources, entry)
        if refusal is not None:
            return self._compile_error(refusal, version)
        broken = await check_rules_apart(spec.language, sources, spec.rules) if spec.rules else []
        if broken:
            return self._rules_broken(broken, version)
        submission = Submission(
            spec=spec,
            sources={**sources, **spec.support_files},
            entry=entry,
            compiler=compiler,
            sandboxes=self.sandboxes,
            slots=self._slots,
        )
        async with self._slots.one():
            try:
                # Each program has its limits and each answer its deadline. This one is for what nobody thought of: a
                # place that is never given back would stop the whole queue in the end.
                try:
                    async with asyncio.timeout(deadline_seconds(spec)):
                        return await self._grade(submission, on_outcome)
                except _NotBegun:
                    async with asyncio.timeout(deadline_seconds(spec)):
                        return await self._grade(submission, on_outcome, last_try=True)
            finally:
                self.sandboxes.prewarm()  # now, and not while this submission wanted the processor

    async def _grade(self, submission: Submission, on_outcome: OnOutcome | None, *, last_try: bool = False) -> Grade:
        submission.said.clear()
        outcomes: list[TestOutcome] = []

        def ended(outcome: TestOutcome) -> None:
            outcomes.append(outcome)
            if on_outcome is not None:
                on_outcome(outcome)

        try:
            await self._run(submission, ended)
        except CompileFailed as failure:
            return self._compile_error(failure.said, submission.compiler.toolchain.version)
        except SandboxDied as death:
            if not outcomes and not last_try:
                raise _NotBegun from None
            fault, blamed = f"a sandbox died: {death}", False
        except (AuthorProgramFailed, LanguageUnavailable, UnknownLanguageError) as failure:
            fault, blamed = str(failure), True
        else:
            return self._graded(submission, outcomes, None)
        done = {outcome.index for outcome in outcomes}
        for test in plan(submission.spec):
            if test.index not in done:
                ended(_not_run(test))
        return replace(self._graded(submission, outcomes, fault), author_fault=blamed)

    async def _run(self, submission: Submission, ended: OnOutcome) -> None:
        spec = submission.spec
        tests = await self._inputs.complete(spec.tests, self.sandboxes, submission.compiler)
        async with aclosing(MODES[spec.mode](submission, plan(spec, tests))) as running:
            async for outcome in running:
                ended(outcome)

    def _graded(self, submission: Submission, outcomes: Sequence[TestOutcome], fault: str | None) -> Grade:
        ordered = sorted(outcomes, key=lambda outcome: outcome.index)
        marks = [
            Mark(
                verdict=outcome.verdict,
                points=outcome.max_points,
                fraction=outcome.fraction,
                group=outcome.group,
                bonus=outcome.bonus,
            )
            for outcome in ordered
        ]
        if fault is not None and not marks:
            marks = [Mark(verdict=Verdict.IE, points=1)]
        score = score_marks(marks, submission.spec.groups, submission.spec.max_score)
        return Grade(
            verdict=score.verdict,
            status=score.status,
            score=score.score,
            outcomes=tuple(ordered),
            feedback=feedback_for(ordered),
            compile_output="".join(submission.said) or None,
            runtime=submission.compiler.toolchain.version,
            tier=self.tier().name,
            fault=fault,
        )

    def _compile_error(self, said: str, version: str) -> Grade:
        return Grade(
            verdict=Verdict.CE,
            status=SubmissionStatus.FAILED,
            score=0,
            outcomes=(),
            feedback=feedback_for_compile_error(said),
            compile_output=said,
            runtime=version,
            tier=self.tier().name,
        )

    def _rules_broken(self, violations: Sequence[RuleViolation], version: str) -> Grade:
        """Nothing is run: what the exercise forbids is told at once, like a compile error."""
        told = rules_feedback(violations)
        return replace(self._compile_error(told, version), verdict=Verdict.WA, feedback=told)


class _NotBegun(Exception):  # never leaves this module
    """The sandbox was gone before the first test ended: nothing was told to anybody, so it may be tried again."""


def _refusal(sources: Mapping[str, str], entry: str) -> str | None:
    """Why a submission is not looked at; None when it is."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in sources.values())
    if size > LARGEST_SOURCE:
        return f"The program has {size} bytes; at most {LARGEST_SOURCE} are accepted.\n"
    if entry not in sources:
        return f"There is no file {entry}, with which the program begins.\n"
    for name in sources:
        try:
            check_name(name)
        except ValueError as error:
            return f"{error}\n"
    return None


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
        group=planned.test.group,
        bonus=planned.test.bonus,
        message=NOT_RUN,
    )
