"""Running what an author wrote: checkers, interactors, generators. In a sandbox of its own, which no learner's program shares.

Authors' programs are not trusted either: they read what learners' programs print.
"""

from types import TracebackType
from typing import Self

from codezest.grading.compiling import CompileFailed, Compiler
from codezest.grading.languages import find_language
from codezest.grading.plan import compile_limits_of
from codezest.grading.sandboxes import Sandboxes
from codezest.grading.spec import AuthorProgram, GradingLimits
from codezest_sandbox import Ending, Limits, RunOutput
from codezest_sandbox.connection import Case, Sandbox

AUTHOR_LIMITS = Limits(
    cpu_seconds=10.0, wall_seconds=30.0, memory_bytes=512 << 20, output_bytes=64 << 20, file_bytes=128 << 20
)


class AuthorProgramFailed(Exception):  # as the errors of the sandbox
    """A program of the author cannot be compiled, or did not do its work: nothing can be said of the learner's."""


class AuthorRunner:
    """One program of an author in one sandbox, to be run any number of times, each in a fresh process."""

    def __init__(self, sandboxes: Sandboxes, compiler: Compiler, program: AuthorProgram, what: str) -> None:
        """`what`: the program's part, for messages: `checker`."""
        self._sandboxes = sandboxes
        self._compiler = compiler
        self._program = program
        self._what = what
        self._sandbox: Sandbox | None = None

    async def __aenter__(self) -> Self:
        self._sandbox = await self._sandboxes.take(self._compiler.language)
        try:
            limits = compile_limits_of(GradingLimits())
            await self._compiler.compile(self._sandbox, self._program.files, self._program.entry, limits)
        except CompileFailed as error:
            self._sandbox.close()
            raise AuthorProgramFailed(f"the {self._what} cannot be compiled: {error.said}") from error
        except BaseException:
            self._sandbox.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sandbox is not None:
            self._sandbox.close()

    async def run(self, case: Case) -> RunOutput:
        """Raises SandboxDied."""
        assert self._sandbox is not None
        async for output in self._sandbox.run([case]):
            return output
        raise AssertionError("a sandbox answers once for each case")

    async def run_to_end(self, case: Case) -> RunOutput:
        """As `run`, for a program that has to end with status 0.

        Raises:
            AuthorProgramFailed: it did not.
        """
        output = await self.run(case)
        if output.result.ending is not Ending.EXIT or output.result.code:
            raise AuthorProgramFailed(f"the {self._what} failed: {describe(output)}")
        return output


def describe(output: RunOutput) -> str:
    """How a run ended, with the end of what it said."""
    result = output.result
    said = output.stderr.decode(errors="replace").strip()[-2000:]
    return f"{result.ending} {result.code or ''} {said}".strip()


def author_compiler(sandboxes: Sandboxes, compiler: Compiler, program: AuthorProgram) -> Compiler:
    """A compiler for the author's language, with the cache of the given one.

    Raises:
        UnknownLanguageError: see there.
        LanguageUnavailable: see there.
    """
    language = find_language(program.language)
    return Compiler(
        language=language,
        toolchain=sandboxes.toolchain(language.key),
        cache=compiler.cache,
        service=sandboxes.compile_service(language.key),
    )
