"""Bringing a program into a sandbox: compiled there, or taken from what the same source was compiled to before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from codezest.grading.compile_cache import CompileCache, Compiled, without_compiling
from codezest.grading.display import shown
from codezest.grading.languages import Language, Toolchain
from codezest_sandbox import Limits
from codezest_sandbox.connection import Sandbox
from codezest_sandbox.runtime import Build


class CompileFailed(Exception):  # the learner's mistake, and an ordinary outcome
    """A source cannot be compiled. `said`: by the compiler, fit for display."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class CompileService(Protocol):
    """A compiler that outlives submissions, where starting one takes longer than compiling."""

    async def compile(self, sources: Mapping[str, str], entry: str) -> tuple[Build | None, str]:
        """The program without steps to take, or None, and what the compiler said. Raises SandboxDied."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """Compiles for one language on this machine."""

    language: Language
    toolchain: Toolchain
    cache: CompileCache
    service: CompileService | None = None
    apart: bool = False
    """Whether every test gets a process of its own, even where the service says that one may serve them all."""

    async def compile(self, sandbox: Sandbox, sources: Mapping[str, str], entry: str, limits: Limits) -> str:
        """Make `sandbox` ready to run the program. Returns what the compiler said, warnings included.

        Raises:
            CompileFailed: see there.
            SandboxDied: see there.
        """
        if self.service is not None:
            return await self._compile_by_service(self.service, sandbox, sources, entry, limits)
        build = self.language.build(self.toolchain, sources, entry)
        key = CompileCache.key(self.language.key, self.toolchain.version, build) if build.artifacts else None
        known = self.cache.find(key) if key is not None else None
        if known is not None:
            await sandbox.prepare(without_compiling(build, known), limits)
            return known.said
        prepared = await sandbox.prepare(build, limits)
        said = self.language.clean_errors(shown(prepared.output.encode(), keep_end=True))
        if not prepared.ok:
            raise CompileFailed(said)
        if key is not None:
            self.cache.keep(key, Compiled(prepared.artifacts, said))
        return said

    async def _compile_by_service(
        self, service: CompileService, sandbox: Sandbox, sources: Mapping[str, str], entry: str, limits: Limits
    ) -> str:
        built, output = await service.compile(sources, entry)
        said = self.language.clean_errors(shown(output.encode(), keep_end=True))
        if built is None:
            raise CompileFailed(said)
        await sandbox.prepare(replace(built, run=()) if self.apart else built, limits)
        return said
