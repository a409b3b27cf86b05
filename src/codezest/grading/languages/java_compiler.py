"""Compiling Java by warm compilers that outlive submissions: started when the first comes, ended when none come any more."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress

from codezest.grading.languages.java_classes import TakeSandbox, make_classes
from codezest.grading.languages.java_service import Answer, JavaService, ServiceLost, service_runtime
from codezest.grading.languages.language import Toolchain, encoded
from codezest_sandbox import SandboxDied
from codezest_sandbox.programs.java import SHARED
from codezest_sandbox.runtime import Build

_MOST_SERVICES = 2
_PATIENCE_SECONDS = 2.0
"""How long to wait for a busy service before another is started beside it."""
_MOST_COMPILATIONS = 500
"""After so many a service is replaced, whatever it has gathered."""
_IDLE_SECONDS = 300.0
_COMPILE_SECONDS = 10.0


class JavaCompiler:
    """For one grader and one event loop."""

    def __init__(self, toolchain: Toolchain, take: TakeSandbox, *, compile_seconds: float = _COMPILE_SECONDS) -> None:
        """Prepare; nothing is started until something is to be compiled.

        Args:
            toolchain: as `Java.find` found it.
            take: gives a fresh sandbox for a runtime.
            compile_seconds: for one submission; its compiler is ended when it takes longer.
        """
        self._toolchain = toolchain
        self._take = take
        self._seconds = compile_seconds
        self._idle: list[JavaService] = []
        self._count = 0
        self._freed = asyncio.Condition()
        self._making_classes = asyncio.Lock()
        self._reaper: asyncio.TimerHandle | None = None
        self._used_at = 0.0

    def close(self) -> None:
        """End every service that does nothing; those at work end with their sandboxes' launcher."""
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        while self._idle:
            self._idle.pop().close()
            self._count -= 1

    @property
    def idle_services(self) -> tuple[JavaService, ...]:
        """Those at rest."""
        return tuple(self._idle)

    async def compile(self, sources: Mapping[str, str], entry: str) -> tuple[Build | None, str]:
        """The program, ready to be placed in a sandbox for Java; None when it cannot be compiled. And what was said.

        Args:
            sources: relative path → text.
            entry: the main file, one of the sources.

        Raises:
            SandboxDied: no compiler can be had.
        """
        ordered = encoded({entry: sources[entry], **sources})
        try:
            answer = await self._compile(ordered)
        except ServiceLost:
            try:
                answer = await self._compile(ordered)
            except ServiceLost:
                answer = Answer(ok=False, said="the compiler crashed on this program\n")
        if not answer.ok:
            return None, answer.said
        others = {name: content for name, content in ordered.items() if not name.endswith(".java")}
        run = (SHARED,) if answer.plain else ()
        return Build(files={**others, **answer.classes}, entry=answer.entry, run=run), answer.said

    async def _compile(self, sources: Mapping[str, bytes]) -> Answer:
        service = await self._acquire()
        usable = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await service.compile({n: c for n, c in sources.items() if n.endswith(".java")})
            usable = True
        except TimeoutError:
            answer = Answer(ok=False, said="compiling took too long\n")
        finally:
            await self._release(service, usable=usable)
        return answer

    async def _acquire(self) -> JavaService:
        async with self._freed:
            if self._count:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._freed.wait_for(self._is_free), _PATIENCE_SECONDS)
            await self._freed.wait_for(lambda: bool(self._idle) or self._count < _MOST_SERVICES)
            while self._idle:
                service = self._idle.pop()
                if service.alive:
                    return service
                service.close()
                self._count -= 1
            self._count += 1
        try:
            return await self._start_service()
        except BaseException:
            await self._forget()
            raise

    def _is_free(self) -> bool:
        return bool(self._idle) or self._count == 0

    async def _start_service(self) -> JavaService:
        await self._make_classes()
        service = JavaService(await self._take(service_runtime(self._toolchain)))
        try:
            await service.start()
        except ServiceLost as error:
            service.close()
            raise SandboxDied(str(error)) from error
        except BaseException:
            service.close()
            raise
        return service

    async def _release(self, service: JavaService, *, usable: bool) -> None:
        self._used_at = time.monotonic()
        if not usable or service.compiled >= _MOST_COMPILATIONS or not service.alive:
            service.close()
            await self._forget()
            return
        async with self._freed:
            self._idle.append(service)
            self._freed.notify()
        if self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._reap)

    async def _forget(self) -> None:
        async with self._freed:
            self._count -= 1
            self._freed.notify()

    def _reap(self) -> None:
        """End what has not been used for long, and look again later."""
        self._reaper = None
        left = self._used_at + _IDLE_SECONDS - time.monotonic()
        if left <= 0:
            self.close()
        else:
            self._reaper = asyncio.get_running_loop().call_later(left, self._reap)

    async def _make_classes(self) -> None:
        """What is made once for a kit, by the kit itself in a sandbox, and kept for good."""
        async with self._making_classes:
            await make_classes(self._toolchain, self._take)
