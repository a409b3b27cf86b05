"""Where sandboxes come from: the launcher, started again when it dies, and a few sandboxes made ahead for each language."""

import asyncio
import errno
import json
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from codezest.grading.compiling import CompileService
from codezest.grading.harness.python_harness import pytest_trees
from codezest.grading.languages import Language, Missing, Toolchain, find_language, languages
from codezest.grading.languages.java import Java
from codezest.grading.languages.java_compiler import JavaCompiler
from codezest_sandbox import IsolationUnavailable, SandboxDied, SandboxError, Tier, probe
from codezest_sandbox.connection import Sandbox
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import Interpreter, find_interpreter
from codezest_sandbox.programs import OPEN_KINDS
from codezest_sandbox.runtime import Runtime

_KEPT_SECONDS = 600.0
"""How long a sandbox stands ready for a language that nobody uses any more."""
ALWAYS_READY = "python"
_MEMORY = "memory_bytes"
"""Among the options of a runtime that fixes its memory when it starts."""
_MOST_MEMORY_LIMITS = 3
"""For how many different ones, those asked for last, a runtime that fixes its memory stands ready."""
_SHORTAGES = frozenset({errno.EAGAIN, errno.ENOMEM, errno.ENFILE, errno.EMFILE})
_LOOKED_SECONDS = 5.0
"""How long it is believed what a look at the machine has said."""


class LanguageUnavailable(Exception):  # it names a state of the machine, not a mistake
    """The toolchain of a language is missing here; the message says how to get it."""


class LauncherFailed(IsolationUnavailable):
    """The launcher did not start, though nothing seen of the machine forbids it: worth trying again."""


@dataclass(slots=True)
class _Shelf:
    """Sandboxes of one runtime, each never used before."""

    runtime: Runtime
    ready: deque[Sandbox] = field(default_factory=deque[Sandbox])
    used_at: float = field(default_factory=time.monotonic)


class Sandboxes:
    """One launcher and what comes of it. For one event loop."""

    def __init__(self, *, required_tier: Tier, python: str | None, prewarmed: int) -> None:
        """Prepare; nothing is started yet.

        Args:
            required_tier: the weakest isolation to run anything under.
            python: interpreter that Python programs run under; the one of this process unless given.
            prewarmed: sandboxes kept ready for each language in use.
        """
        self._required_tier = required_tier
        self._python = python
        self._prewarmed = prewarmed
        self._shelves: dict[str, _Shelf] = {}
        self._launcher: Launcher | None = None
        self._restarting = asyncio.Lock()
        self._services: dict[str, CompileService] = {}
        self._found: dict[str, Toolchain | Missing] = {}
        self._failure: LauncherFailed | None = None
        """Of the last start, if it may be tried again."""
        self._looked_at = -_LOOKED_SECONDS
        self._excluded = False

    def start(self) -> None:
        """Start the launcher and see that it isolates.

        Raises:
            LauncherFailed: it did not start this time, as when memory is short. May be called again.
            IsolationUnavailable: it does not isolate, or not well enough; the message says how to get it.
        """
        self._failure = None
        try:
            self._start()
        except LauncherFailed as failure:
            self._failure = failure
            raise

    def _start(self) -> None:
        interpreter = self._interpreter()
        with ThreadPoolExecutor() as threads:  # each asks a compiler for its version, and mostly waits
            found = threads.map(_find, languages())
            self._found = {language.key: toolchain for language, toolchain in zip(languages(), found, strict=True)}
        self._found[ALWAYS_READY] = Toolchain(version=interpreter.version)
        trees = dict(pytest_trees())
        for found in self._found.values():
            if isinstance(found, Toolchain):
                trees |= found.trees
        launcher = Launcher(interpreter, trees=trees, lowest_tier=self._required_tier)
        self._begin(launcher)
        self._launcher = launcher
        if launcher.tier is Tier.LANDLOCK:
            self._found = {key: _in_the_open(key, found, launcher.unreachable) for key, found in self._found.items()}
        self._shelf(find_language(ALWAYS_READY).runtime(self.toolchain(ALWAYS_READY)))
        self.prewarm()

    def close(self) -> None:
        """End the launcher and all sandboxes."""
        self._clear()
        while self._services:
            self._services.popitem()[1].close()
        if self._launcher is not None:
            self._launcher.close()
            self._launcher = None

    @property
    def tier(self) -> Tier:
        """What programs are isolated by; NONE before the start."""
        return Tier.NONE if self._launcher is None else self._launcher.tier

    @property
    def launcher_pid(self) -> int | None:
        return None if self._launcher is None else self._launcher.pid

    @property
    def standing(self) -> int:
        """How many sandboxes stand ready, and how many services run in one."""
        return sum(len(shelf.ready) for shelf in self._shelves.values()) + 2 * len(self._services)

    @property
    def found(self) -> Mapping[str, Toolchain | Missing]:
        """Every language's toolchain, or why there is none."""
        return self._found

    def toolchain(self, key: str) -> Toolchain:
        """Raises LanguageUnavailable, or what `take` does before the start."""
        if self._launcher is None:
            raise self._not_started()
        found = self._found.get(key)
        if isinstance(found, Toolchain):
            return found
        if found is None:
            raise LanguageUnavailable(f"{key} is not a language of this grader")
        raise LanguageUnavailable(f"{find_language(key).name} is not available: {found.why}. Try `{found.install}`.")

    def compile_service(self, key: str) -> CompileService | None:
        """The warm compiler of a language that has one. Raises LanguageUnavailable."""
        if key != "java":
            return None
        if key not in self._services:
            self._services[key] = JavaCompiler(self.toolchain(key), self.take_for)
        return self._services[key]

    async def take(self, language: Language, memory_bytes: int | None = None) -> Sandbox:
        """A fresh sandbox for the language, which becomes the caller's.

        Args:
            language: one that is graded here.
            memory_bytes: of most tests, where that is known: some runtimes fix it when they start.

        Raises:
            IsolationUnavailable: the launcher is not started, or ended and this machine does not isolate any more.
            LanguageUnavailable: see there.
            SandboxDied: the launcher has just ended, or could not be started for the moment.
        """
        toolchain = self.toolchain(language.key)
        if memory_bytes is not None and isinstance(language, Java):
            return await self.take_for(language.runtime_for(toolchain, memory_bytes))
        return await self.take_for(language.runtime(toolchain))

    async def take_for(self, runtime: Runtime) -> Sandbox:
        """As `take`, for any runtime."""
        launcher = self._launcher
        if launcher is None:
            raise self._not_started()
        async with self._restarting:
            if not launcher.alive:
                self._clear()
                # A cancelled submission must not leave a half started launcher to the next: the lock is held to the end.
                starting = asyncio.ensure_future(asyncio.to_thread(self._begin, launcher))
                try:
                    await asyncio.shield(starting)
                except LauncherFailed as failure:
                    raise SandboxDied(str(failure)) from failure
                finally:
                    await asyncio.wait([starting])
        shelf = self._shelf(runtime)
        shelf.used_at = time.monotonic()
        return shelf.ready.popleft() if shelf.ready else launcher.spawn(runtime)

    def prewarm(self) -> None:
        """Make ready what the next submission may want. Not while one wants the processor."""
        if self._launcher is None:
            return
        now = time.monotonic()
        for name, shelf in list(self._shelves.items()):
            if now - shelf.used_at > _KEPT_SECONDS and shelf.runtime.kind != ALWAYS_READY:
                self._remove_shelf(name)
                continue
            with suppress(SandboxDied):  # the next grade finds out, and starts the launcher again
                while len(shelf.ready) < self._prewarmed:
                    shelf.ready.append(self._launcher.spawn(shelf.runtime))

    def _shelf(self, runtime: Runtime) -> _Shelf:
        name = json.dumps(runtime.as_message(), sort_keys=True)
        if name not in self._shelves and _MEMORY in runtime.options:
            others = [other for other, shelf in self._shelves.items() if _MEMORY in shelf.runtime.options]
            if len(others) >= _MOST_MEMORY_LIMITS:
                self._remove_shelf(min(others, key=lambda other: self._shelves[other].used_at))
        return self._shelves.setdefault(name, _Shelf(runtime))

    def _remove_shelf(self, name: str) -> None:
        shelf = self._shelves.pop(name)
        while shelf.ready:
            shelf.ready.pop().close()

    def _clear(self) -> None:
        for shelf in self._shelves.values():
            while shelf.ready:
                shelf.ready.pop().close()

    def _not_started(self) -> SandboxError:
        if self._failure is not None:
            return SandboxDied(str(self._failure))
        return IsolationUnavailable("the grader is not started")

    def _interpreter(self) -> Interpreter:
        try:
            return find_interpreter(self._python)
        except IsolationUnavailable as failure:
            if isinstance(failure.__cause__, OSError) and failure.__cause__.errno in _SHORTAGES:
                raise LauncherFailed(str(failure)) from failure
            raise

    def _begin(self, launcher: Launcher) -> None:
        """Start it or raise as `start`. Blocks; never more than once at a time."""
        try:
            launcher.start()
        except IsolationUnavailable as failure:
            if self._machine_cannot():
                raise
            raise LauncherFailed(str(failure)) from failure
        self._require_tier(launcher)

    def _machine_cannot(self) -> bool:
        if time.monotonic() - self._looked_at >= _LOOKED_SECONDS:
            self._excluded = probe().excludes(self._required_tier)
            self._looked_at = time.monotonic()
        return self._excluded

    def _require_tier(self, launcher: Launcher) -> None:
        """At every start: what the machine offers may have changed."""
        if launcher.tier < self._required_tier:
            launcher.close()
            raise IsolationUnavailable(f"{self._required_tier.name} is required, {launcher.tier.name} is what there is")


def _find(language: Language) -> Toolchain | Missing:
    return language.find()


def _in_the_open(key: str, found: Toolchain | Missing, unreachable: Mapping[str, str]) -> Toolchain | Missing:
    """What is left of a language at the tier LANDLOCK. `unreachable`: trees by name, with the reason."""
    if isinstance(found, Missing):
        return found
    reasons = [unreachable[name] for name in found.trees if name in unreachable]
    if find_language(key).runtime(found).kind not in OPEN_KINDS:
        reasons = ["its programs need namespaces, and only the tier LANDLOCK can be had here"]
    if not reasons:
        return found
    return Missing(why=reasons[0], install="codezest doctor --sandbox")
