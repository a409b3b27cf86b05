"""Run one program to its end or its limit, then leave nothing of it: the work of a sandbox's first process.

Timers are the program's own CPU clock and the wall clock. The tree below it is looked at a few dozen times a second, for
CPU time and memory of processes that the program may have started. When it has ended, everything is killed and reaped,
and what the dead used is added up.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.cgroup import MemoryGroup
from codezest_sandbox.limits import Limits
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.tree import ProcessTree

_LOOK_SECONDS = 0.02
_SHORTEST_LOOK_SECONDS = 0.002
_PROPORTIONAL_SECONDS = 0.1
"""Adding up shared pages walks page tables; done at most this often."""

PREPARED = b"+"
"""What a child writes to its report when everything is set up and the program is about to begin."""


def _cpu_clock(pid: int) -> int:
    """Id of the clock that counts all threads of a process."""
    return (~pid << 3) | 2


@dataclass(slots=True)
class _Usage:
    """What the reaped used."""

    cpu_seconds: float = 0.0
    largest_resident_bytes: int = 0

    def wait_for(self, pid: int) -> int:
        """Reap one child (or any, for -1) and return its status. Raises ChildProcessError when there is none."""
        _, status, resources = os.wait4(pid, 0)
        self.cpu_seconds += resources.ru_utime + resources.ru_stime
        self.largest_resident_bytes = max(self.largest_resident_bytes, resources.ru_maxrss * 1024)
        return status


class _Watch:
    """Looks at a running program again and again."""

    def __init__(self, pid: int, limits: Limits, tree: ProcessTree, idle_resident_bytes: int) -> None:
        self._clock = _cpu_clock(pid)
        self._limits = limits
        self._tree = tree
        self._idle = idle_resident_bytes
        self._deadline = time.monotonic() + limits.wall_seconds
        self._exact_after = 0.0
        self.peak_bytes = 0
        self.next_look_seconds = min(_LOOK_SECONDS, limits.cpu_seconds, limits.wall_seconds)

    def look(self) -> Ending | None:
        """The limit that has been reached, if any. Sets when to look next."""
        now = time.monotonic()
        main_cpu = time.clock_gettime(self._clock)
        members = self._tree.members()
        cpu = max(main_cpu, self._tree.cpu_seconds_seen)
        if cpu >= self._limits.cpu_seconds:
            return Ending.CPU
        if now >= self._deadline:
            return Ending.WALL
        resident = sum(max(0, member.resident_bytes - self._idle) for member in members)
        if resident > self._limits.memory_bytes and len(members) > 1:  # what forks share was counted for each
            resident = 0
            if now >= self._exact_after:
                self._exact_after = now + _PROPORTIONAL_SECONDS
                resident = max(0, self._tree.proportional_bytes(members) - self._idle)
        self.peak_bytes = max(self.peak_bytes, resident)
        if resident > self._limits.memory_bytes:
            return Ending.MEMORY
        cpu_left = max(_SHORTEST_LOOK_SECONDS, (self._limits.cpu_seconds - cpu) / 2)
        self.next_look_seconds = min(_LOOK_SECONDS, cpu_left, self._deadline - now)
        return None


class Supervisor:
    """Supervises one case at a time. Belongs to the first process of a sandbox."""

    def __init__(self, connection: socket.socket, proc: int, memory_group: MemoryGroup | None) -> None:
        """Begin.

        Args:
            connection: to the host; when it closes, the sandbox ends.
            proc: see ProcessTree.
            memory_group: in which this process is.
        """
        self._connection = connection
        self._memory_group = memory_group
        self._processors = os.sched_getaffinity(0)
        self.tree = ProcessTree(proc)

    def run(self, child: Callable[[int], NoReturn], limits: Limits, idle_resident_bytes: int) -> CaseResult:
        """Fork, let `child` set itself up and become the program, and wait for its end.

        Args:
            child: called in the new process with the descriptor it reports on: PREPARED, or what went wrong.
            limits: watched here, and set by `child` as far as the kernel watches them.
            idle_resident_bytes: resident memory of a program that does nothing, not counted against the limit.
        """
        self.tree.forget()
        if self._memory_group is not None:
            self._memory_group.arm(limits.memory_bytes + limits.file_bytes + 2 * limits.largest_write)
        os.sched_setaffinity(0, {kernel.current_cpu()})
        report, child_report = os.pipe()
        began = time.monotonic()
        pid = kernel.fork_quietly()
        if pid == 0:
            os.close(report)
            self._become(child, child_report)
        os.close(child_report)
        watch = _Watch(pid, limits, self.tree, idle_resident_bytes)
        stopped = self._wait(pid, watch)
        usage = _Usage()
        status = usage.wait_for(pid)
        wall_seconds = time.monotonic() - began
        self._kill_and_reap(usage)
        said = os.read(report, 4096)
        os.close(report)
        own_end = replace(
            _own_end(status, said),
            cpu_seconds=max(usage.cpu_seconds, self.tree.cpu_seconds_seen),
            wall_seconds=wall_seconds,
            memory_bytes=max(watch.peak_bytes, usage.largest_resident_bytes - idle_resident_bytes, 0),
        )
        if self._memory_group is not None and self._memory_group.killed():
            stopped = Ending.MEMORY
        return own_end if stopped is None else replace(own_end, ending=stopped, code=0, detail="")

    def _become(self, child: Callable[[int], NoReturn], report: int) -> NoReturn:
        try:
            if self._memory_group is not None:
                self.tree.offer_to_the_kernel()
            child(report)
        except BaseException as error:  # noqa: BLE001  # nothing of the supervisor may run on in the child
            os.write(report, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(1)

    def _wait(self, pid: int, watch: _Watch) -> Ending | None:
        """Until the program ends, or reaches a limit and is killed. Does not reap."""
        handle = os.pidfd_open(pid)
        try:
            poller = select.poll()
            poller.register(handle, select.POLLIN)
            poller.register(self._connection, 0)  # only its end is of interest; requests may be waiting in it
            while True:
                happened = {descriptor for descriptor, _ in poller.poll(max(1, watch.next_look_seconds * 1000))}
                if self._connection.fileno() in happened:
                    os._exit(0)  # nobody is left to want the answer; the kernel ends everything else
                if handle in happened:
                    return None
                self._spread(pid)
                reached = watch.look()
                if reached is not None:
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                    return reached
        finally:
            os.close(handle)

    def _spread(self, pid: int) -> None:
        """Let a program that lives longer use every processor.

        Until then it shares one with its supervisor, who only waits: to wake another processor costs more than many a
        program does.
        """
        if len(self._processors) > 1:
            for process in (0, pid):
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(process, self._processors)

    @staticmethod
    def _kill_and_reap(usage: _Usage) -> None:
        """Kill all that is left in the process namespace and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:
                usage.wait_for(-1)


def _own_end(status: int, said: bytes) -> CaseResult:
    """How the main process ended. `said`: on its report."""
    if not said.startswith(PREPARED):
        detail = said.decode(errors="replace") or f"the child ended with wait status {status} before it began"
        return CaseResult(ending=Ending.SETUP, detail=detail)
    if os.WIFSIGNALED(status):
        return CaseResult(ending=Ending.SIGNAL, code=os.WTERMSIG(status))
    return CaseResult(ending=Ending.EXIT, code=os.WEXITSTATUS(status))
