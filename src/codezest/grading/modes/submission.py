"""What every mode is given, and what modes have in common."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from codezest.grading.author_program import AuthorProgramFailed, AuthorRunner, author_compiler
from codezest.grading.compiling import Compiler
from codezest.grading.display import shown
from codezest.grading.grade import TestOutcome
from codezest.grading.languages import Language
from codezest.grading.plan import PlannedTest, compile_limits_of
from codezest.grading.sandboxes import Sandboxes
from codezest.grading.score import Mark, earned_points
from codezest.grading.slots import Slots
from codezest.grading.spec import GradingSpec
from codezest.grading.verdict import Judgement, judge
from codezest_db.enums import CheckerKind
from codezest_sandbox import RunOutput
from codezest_sandbox.connection import Sandbox

_CHECKED_ON_THE_LOOP = 64 * 1024
"""Outputs up to this size are compared at once; larger ones in a thread, so that nobody else waits."""


@dataclass(slots=True, kw_only=True)
class Submission:
    """One learner's work on its way through the grader."""

    spec: GradingSpec
    sources: Mapping[str, str]
    """What the learner wrote, support files included."""
    entry: str
    compiler: Compiler
    sandboxes: Sandboxes
    slots: Slots
    said: list[str] = field(default_factory=list[str])
    """What compilers said of it."""

    @property
    def language(self) -> Language:
        return self.compiler.language

    async def sandbox(self) -> Sandbox:
        """A fresh one. Raises as `Sandboxes.take`."""
        return await self.sandboxes.take(self.compiler.language, self.spec.limits.memory_bytes)

    async def compile(self, sandbox: Sandbox, *, heard: bool = True) -> None:
        """Make the sandbox ready to run the program. `heard`: what the compiler says is kept.

        Raises:
            CompileFailed, SandboxDied: see there.
        """
        limits = compile_limits_of(self.spec.limits)
        said = await self.compiler.compile(sandbox, self.sources, self.entry, limits)
        if heard:
            self.said.append(said)


Mode = Callable[[Submission, tuple[PlannedTest, ...]], AsyncGenerator[TestOutcome]]
"""Runs the tests in the order planned.

Raises:
    CompileFailed, AuthorProgramFailed, SandboxDied: see there.
"""


async def judged(planned: PlannedTest, language: Language, output: RunOutput) -> Judgement:
    if output.stdout_length <= _CHECKED_ON_THE_LOOP:
        return judge(planned, language, output)
    return await asyncio.to_thread(judge, planned, language, output)


def outcome_of(planned: PlannedTest, language: Language, output: RunOutput, judgement: Judgement) -> TestOutcome:
    return TestOutcome(
        index=planned.index,
        name=planned.test.name,
        verdict=judgement.verdict,
        points=earned_points(Mark(verdict=judgement.verdict, points=planned.test.points, fraction=judgement.fraction)),
        max_points=planned.test.points,
        time_ms=round(output.result.cpu_seconds * 1000),
        memory_kb=output.result.memory_bytes // 1024,
        visible=planned.test.visible,
        stdout=shown(output.stdout, output.stdout_length),
        stderr=language.clean_errors(shown(output.stderr, output.stderr_length, keep_end=True)),
        group=planned.test.group,
        bonus=planned.test.bonus,
        fraction=judgement.earned,
        message=judgement.message,
    )


async def checker_of(
    submission: Submission, planned: tuple[PlannedTest, ...], stack: AsyncExitStack
) -> AuthorRunner | None:
    """The author's checker, ready to run until `stack` is left; None when no test asks for it.

    Raises:
        AuthorProgramFailed: it cannot be compiled, or there is none.
        SandboxDied: see there.
    """
    if not any(test.test.checker is CheckerKind.CUSTOM for test in planned):
        return None
    program = submission.spec.checker_program
    if program is None:
        raise AuthorProgramFailed("the tests ask for a checker of the author's, and there is none")
    compiler = author_compiler(submission.sandboxes, submission.compiler, program)
    runner = AuthorRunner(submission.sandboxes, compiler, program, "checker")
    return await stack.enter_async_context(runner)
