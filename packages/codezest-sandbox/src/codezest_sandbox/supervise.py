"""Run one program to its end or its limit, then leave nothing of it: the work of a sandbox's first process.

Timers are the program's own CPU clock and the wall clock. The tree below it is looked at a few dozen times a second, for
CPU time and memory of processes that the program may have started. When it has ended, everything is killed and reaped,
and what the dead used is added up. What that leaves out, processes that nobody waited for, is in the count of the
sandbox's group where there is one.
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
from codezest_sandbox.places import here
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.tree import ProcessTree
from codezest_sandbox.watch import GroupTime, Watch

PREPARED = b"+"
"""What a child writes to its report when everything is set up and the program is about to begin."""

FAILED = b"!"
"""What it writes next, with the reason, if the program cannot be executed after all."""


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


_OF_THE_KERNEL = (signal.SIGKILL, signal.SIGXCPU)


class Supervisor:
    """Supervises one case at a time. Belongs to the first process of a sandbox."""

    def __init__(
        self, connection: socket.socket, proc: int, memory_group: MemoryGroup | None, *, number: int = 0
    ) -> None:
        """Begin.

        Args:
            connection: to the host; when it closes, the sandbox ends.
            proc: see ProcessTree.
            memory_group: in which this process is.
            number: of this sandbox among the launcher's; neighbours by number use different processors.
        """
        self._connection = connection
        self._memory_group = memory_group
        self._processors = os.sched_getaffinity(0)
        self._home = sorted(self._processors)[number % len(self._processors)]
        self.tree = ProcessTree(proc)
        self._residents: set[int] = set()

    def keep(self, pid: int) -> None:
        """Let a child of this process outlive cases: it is none of theirs, and is not killed at their end."""
        self._residents.add(pid)
        self.tree.spare(pid)

    def drop(self, pid: int) -> None:
        """A resident has ended, or is to be treated like everything else from now on."""
        self._residents.discard(pid)
        self.tree.spare_no_more(pid)

    @property
    def connection(self) -> socket.socket:
        """To the host; when it closes, this process is to end."""
        return self._connection

    def bound_memory(self, limits: Limits) -> None:
        """Where the kernel bounds memory: let it bound what a case uses from now on."""
        if self._memory_group is not None:
            self._memory_group.arm(limits.memory_bytes + limits.file_bytes + 2 * limits.largest_write)

    def memory_ran_out(self) -> bool:
        """Whether the kernel has killed for that bound since this was last asked."""
        return self._memory_group is not None and self._memory_group.killed()

    def run(
        self,
        child: Callable[[int], NoReturn],
        limits: Limits,
        idle_resident_bytes: int,
        *,
        floor_bytes: int = 0,
        outputs: tuple[int, ...] = (),
    ) -> CaseResult:
        """Fork, let `child` set itself up and become the program, and wait for its end.

        Args:
            child: called in the new process with the descriptor it reports on: PREPARED, or what went wrong.
            limits: watched here, and set by `child` as far as the kernel watches them.
            idle_resident_bytes: resident memory of a program that does nothing, not counted against the limit.
            floor_bytes: peaks up to here say nothing, because the fork itself had as much before it became the program.
            outputs: files to watch for growth beyond the limit on output, where programs survive the kernel's.
        """

        def start(report: int) -> int:
            pid = kernel.fork_quietly()
            if pid == 0:
                self._become(child, report)
            return pid

        return self.run_started(start, limits, idle_resident_bytes, floor_bytes=floor_bytes, outputs=outputs)

    def run_started(
        self,
        start: Callable[[int], int],
        limits: Limits,
        idle_resident_bytes: int,
        *,
        floor_bytes: int = 0,
        outputs: tuple[int, ...] = (),
        finish: Callable[[Callable[[int], int]], None] | None = None,
    ) -> CaseResult:
        """As `run`, for a child of this process that somebody else may have made.

        Args:
            start: called with the descriptor on which the child is to report; returns the child's id.
            limits: see `run`.
            idle_resident_bytes: see `run`.
            floor_bytes: see `run`.
            outputs: see `run`.
            finish: ends what is left of the program, if that needs no killing one by one; it is given what reaps a child.
        """
        self.tree.forget()
        self.bound_memory(limits)
        os.sched_setaffinity(0, {self._home})
        report, child_report = os.pipe()
        os.set_blocking(report, False)  # it takes no name
        group_time = GroupTime.begin(self._memory_group, self._residents)
        began = time.monotonic()
        pid = start(child_report)
        os.close(child_report)
        watch = Watch(pid, limits, self.tree, idle_resident_bytes, outputs=outputs, group_time=group_time)
        stopped = self._wait(pid, watch)
        if self._memory_group is not None:
            self._memory_group.ease()
        usage = _Usage()
        status = usage.wait_for(pid)
        wall_seconds = time.monotonic() - began
        if finish is None:
            self._kill_and_reap(usage)
        else:
            finish(usage.wait_for)
        said = _read_report(report)
        largest = usage.largest_resident_bytes if usage.largest_resident_bytes > floor_bytes else 0
        own_end = replace(
            end_of(status, said),
            cpu_seconds=max(usage.cpu_seconds, watch.cpu_seconds()),
            wall_seconds=wall_seconds,
            memory_bytes=max(watch.peak_bytes, largest - idle_resident_bytes, 0),
        )
        if (
            self.memory_ran_out() and stopped is not Ending.SIGNAL
        ):  # too many processes, whose memory is the lesser matter
            stopped = Ending.MEMORY
        if stopped is None and own_end.cpu_seconds >= limits.cpu_seconds and own_end.code in _OF_THE_KERNEL:
            stopped = Ending.CPU  # its own limit is a last resort, for when this process had no processor in time
        stopped = stopped or here().limit_reached((), limits)
        if stopped is None:
            return own_end
        code = signal.SIGKILL if stopped is Ending.SIGNAL else 0
        return replace(own_end, ending=stopped, code=code, detail="")

    def offer_to_the_kernel(self) -> None:
        """In a child, first of all: where the kernel bounds memory, let it kill this one first. Then shut it in."""
        if self._memory_group is not None:
            self.tree.offer_to_the_kernel()
        here().shut_in()

    def _become(self, child: Callable[[int], NoReturn], report: int) -> NoReturn:
        try:
            self.offer_to_the_kernel()
            child(report)
        except BaseException as error:  # noqa: BLE001  # nothing of the supervisor may run on in the child
            os.write(report, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(1)

    def _wait(self, pid: int, watch: Watch) -> Ending | None:
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

    def _kill_and_reap(self, usage: _Usage) -> None:
        """Kill all that is left in the process namespace but residents, and wait until it is gone."""
        if self._residents:
            self._kill_all_but_residents(usage)
            return
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:
                usage.wait_for(-1)

    def _kill_all_but_residents(self, usage: _Usage) -> None:
        """Stop everything first, which no fork outruns: the kernel restarts a fork that a signal has met half-way.

        What is stopped can be counted, and killed one by one.
        """
        if not self.tree.members():
            return
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGSTOP)
        while pids := self.tree.inner_pids():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in pids:
                with suppress(ChildProcessError):  # not ours yet, but the next time round
                    usage.wait_for(pid)
        for resident in self._residents:
            with suppress(ProcessLookupError):
                os.kill(resident, signal.SIGCONT)


def _read_report(report: int) -> bytes:
    """What the child said, whose end of the pipe may still be open elsewhere."""
    try:
        return os.read(report, 4096)
    except BlockingIOError:
        return b""
    finally:
        os.close(report)


def rehearse(supervisor: Supervisor) -> None:
    """While nobody asks for anything yet: run a child that does nothing.

    It takes from the first request the cost of copying the pages that every run writes to.
    """

    def child(report: int) -> NoReturn:
        os.write(report, PREPARED)
        os._exit(0)

    supervisor.run(child, Limits(), 0)


def end_of(status: int, said: bytes) -> CaseResult:
    """How the main process ended. `said`: on its report."""
    if said != PREPARED:
        why = said.removeprefix(PREPARED + FAILED).decode(errors="replace")
        detail = why or f"the child ended with wait status {status} before it began"
        return CaseResult(ending=Ending.SETUP, detail=detail)
    if os.WIFSIGNALED(status):
        return CaseResult(ending=Ending.SIGNAL, code=os.WTERMSIG(status))
    return CaseResult(ending=Ending.EXIT, code=os.WEXITSTATUS(status))
