"""One Java machine for all cases of a submission, each in a class loader of its own: the trusted side of `Runner.java`.

Its standard streams are memory files of this process, whose content is changed between cases. Nothing that it says is
believed beyond "the case is over": what was printed is in the files, and how long it took is on the kernel's clock.
"""

import json
import os
import select
import socket
import stat
import struct
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.confine import Streams, apply_limits, give_up_rights, use_streams
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.limits import MEBIBYTE, Limits
from codezest_sandbox.programs.program import CaseRequest, content
from codezest_sandbox.resident import Resident, Spell
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.supervise import Supervisor

FLAGS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:+DisableAttachMechanism",
    "-XX:-UseContainerSupport",
    "-XX:ErrorFile=/dev/null",
    "-Xss16m",
    "-Xshare:auto",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
)
_START_SECONDS = 20.0
_NO_LIMIT_SECONDS = 86400.0
_OWN_THREADS = 24
_OWN_FILES = 32
_BEYOND_HEAP = 64 * MEBIBYTE
"""Compiled code, metadata, stacks and the like."""

_ENDED, _FAILED, _FAILED_AND_SPOILED, _ENDED_AND_SPOILED = b"n", b"e", b"s", b"t"
_EXIT_CODES = {_ENDED: 0, _ENDED_AND_SPOILED: 0}


def is_file(descriptor: int) -> bool:
    """Whether it can be measured and copied, as pipes cannot."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def heap_flag(memory_bytes: int) -> str:
    return f"-Xmx{max(memory_bytes // MEBIBYTE, 4)}m"


def room_for_machine(limits: Limits) -> Limits:
    """The limits of a case, and what the machine itself needs beside."""
    return replace(
        limits,
        memory_bytes=limits.memory_bytes + _BEYOND_HEAP,
        processes=limits.processes + _OWN_THREADS,
        open_files=limits.open_files + _OWN_FILES,
    )


class SharedMachine:
    """Started when it is needed, ended when it may not be used again."""

    def __init__(
        self, options: Mapping[str, Any], environment: Mapping[str, str], seccomp_filter: SeccompFilter
    ) -> None:
        """`options`: of the Runtime."""
        self._java: str = options["java"]
        self._classes: str = options["classes"]
        self._archive: str = options.get("archive", "")
        self._heap_bytes: int = options.get("memory_bytes", Limits().memory_bytes)
        self._environment = environment
        self._filter = seccomp_filter
        self._resident: Resident | None = None
        self._control: socket.socket | None = None
        self._streams = Streams(-1, -1, -1)
        self._idle_bytes = 0
        self._is_ready = False

    def start(self, supervisor: Supervisor) -> None:
        """Does not wait until it is ready."""
        self._streams = Streams(*(kernel.empty_file() for _ in range(3)))
        self._control, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        report = kernel.empty_file()
        with far_end:
            pid = kernel.fork_quietly()
            if pid == 0:
                self._become(supervisor, far_end.fileno(), report)
        os.close(report)
        self._resident = Resident(supervisor, pid)
        self._is_ready = False

    def _become(self, supervisor: Supervisor, link: int, report: int) -> NoReturn:
        try:
            supervisor.offer_to_the_kernel()
            os.chdir(WORK)
            use_streams(self._streams, report, link)
            limits = room_for_machine(Limits(memory_bytes=self._heap_bytes))
            apply_limits(replace(limits, cpu_seconds=_NO_LIMIT_SECONDS, file_bytes=_BEYOND_HEAP), None)
            give_up_rights(self._filter)
            archive = [f"-XX:SharedArchiveFile={self._archive}"] if os.access(self._archive, os.R_OK) else []
            command = [self._java, *FLAGS, heap_flag(self._heap_bytes), *archive, "-jar", self._classes, BUILD]
            os.execve(self._java, command, self._environment)  # noqa: S606  # no shell is wanted
        finally:
            os._exit(1)

    def end(self) -> None:
        """Kill it, if there is one."""
        if self._resident is not None:
            self._resident.end()
        self._forget()

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
            for descriptor in (self._streams.stdin, self._streams.stdout, self._streams.stderr):
                os.close(descriptor)
        self._resident = self._control = None

    def run_case(self, entry: str, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        """As JavaProgram.run_case, for a case that only reads its input and prints."""
        if self._resident is not None and request.limits.memory_bytes != self._heap_bytes:
            self.end()
        self._heap_bytes = request.limits.memory_bytes
        started = self._started(supervisor) or self._started(supervisor)
        if started is None:
            return CaseResult(ending=Ending.SETUP, detail="the Java machine did not start")
        resident, control = started
        self._renew_streams(request.streams.stdin)
        arguments: list[str] = json.loads(content(request.extras["args"])) if "args" in request.extras else []
        frame = "\0".join([entry, *arguments]).encode()
        began, cpu_before = time.monotonic(), resident.cpu_seconds()
        control.sendall(struct.pack(">i", len(frame)) + frame)
        spell = Spell(
            limits=room_for_machine(request.limits),
            idle_resident_bytes=self._idle_bytes,
            outputs=(self._streams.stdout, self._streams.stderr),
            over=control.fileno(),
        )
        stopped = resident.watch(spell)
        wall_seconds = time.monotonic() - began
        if stopped is not None:
            self._give_outputs(request)
            self._forget()
            cpu_seconds = max(0.0, stopped.cpu_seconds - cpu_before)
            return replace(stopped, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
        said = control.recv(1)
        result = CaseResult(
            ending=Ending.EXIT,
            code=_EXIT_CODES.get(said, 1),
            cpu_seconds=resident.cpu_seconds() - cpu_before,
            wall_seconds=wall_seconds,
            memory_bytes=min(max(0, resident.resident_bytes() - self._idle_bytes), request.limits.memory_bytes),
        )
        self._give_outputs(request)
        if said not in {_ENDED, _FAILED}:
            self.end()
        return result

    def _started(self, supervisor: Supervisor) -> tuple[Resident, socket.socket] | None:
        """A machine that is ready. None: it has ended, perhaps because our classes were not there yet when it began."""
        if self._resident is None or self._control is None:
            self.start(supervisor)
        resident, control = self._resident, self._control
        assert resident is not None
        assert control is not None
        if not self._is_ready:
            readable, _, _ = select.select([control], [], [], _START_SECONDS)
            if not readable or not control.recv(1):
                self.end()
                return None
            self._is_ready = True
            self._idle_bytes = resident.resident_bytes()
        return resident, control

    def _renew_streams(self, stdin: int) -> None:
        for descriptor in (self._streams.stdin, self._streams.stdout, self._streams.stderr):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
        _copy(stdin, self._streams.stdin, os.fstat(stdin).st_size)
        os.lseek(self._streams.stdin, 0, os.SEEK_SET)

    def _give_outputs(self, request: CaseRequest) -> None:
        most = request.limits.output_bytes + 1
        for source, target in (
            (self._streams.stdout, request.streams.stdout),
            (self._streams.stderr, request.streams.stderr),
        ):
            _copy(source, target, min(os.fstat(source).st_size, most))


def _copy(source: int, target: int, size: int) -> None:
    """From the beginning of one memory file to where another stands, without a byte of it entering this process."""
    start = 0
    while start < size:
        copied = os.sendfile(target, source, start, size - start)
        if copied == 0:
            return
        start += copied
