"""A process that serves case after case, watched by the first process of its sandbox as a case's own process would be."""

import os
import select
import signal
import time
from dataclasses import dataclass

from codezest_sandbox.limits import Limits
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.supervise import PREPARED, Supervisor, end_of
from codezest_sandbox.watch import LOOK_SECONDS, SHORTEST_LOOK_SECONDS, cpu_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What is watched while a case runs."""

    limits: Limits
    idle_resident_bytes: int
    """Resident memory that is not the case's."""
    outputs: tuple[int, ...]
    """Files bound by the limit on output."""
    over: int
    """Becomes readable when the process says that the case is over."""


class Resident:
    """One such process, alone: it is trusted to start no other, and is ended if it is found to have."""

    def __init__(self, supervisor: Supervisor, pid: int) -> None:
        """`pid`: a child of the calling process."""
        self._supervisor = supervisor
        self._pid = pid
        self._clock = cpu_clock(pid)
        self._handle = os.pidfd_open(pid)
        supervisor.keep(pid)

    def watch(self, spell: Spell) -> CaseResult | None:
        """Until the case is over by the process's own word (None), or a limit is reached or the process ends.

        In all but the first case the process is gone afterwards.
        """
        supervisor, limits = self._supervisor, spell.limits
        supervisor.bound_memory(limits)
        deadline = time.monotonic() + limits.wall_seconds
        began = time.clock_gettime(self._clock)
        next_look = min(LOOK_SECONDS, limits.cpu_seconds, limits.wall_seconds)
        poller = select.poll()
        poller.register(self._handle, select.POLLIN)
        poller.register(spell.over, select.POLLIN)
        poller.register(supervisor.connection, 0)  # only its end is of interest
        while True:
            happened = {descriptor for descriptor, _ in poller.poll(max(1, next_look * 1000))}
            if supervisor.connection.fileno() in happened:
                os._exit(0)  # nobody is left to want the answer
            if self._handle in happened:
                return self._end(None)
            cpu = time.clock_gettime(self._clock) - began
            reached = self._look(spell, cpu, deadline)
            if reached is not None:
                return self._end(reached)
            if spell.over in happened:
                return None
            cpu_left = max(SHORTEST_LOOK_SECONDS, (limits.cpu_seconds - cpu) / 2)
            next_look = min(LOOK_SECONDS, cpu_left, deadline - time.monotonic())

    def _look(self, spell: Spell, cpu: float, deadline: float) -> Ending | None:
        if cpu >= spell.limits.cpu_seconds:
            return Ending.CPU
        if time.monotonic() >= deadline:
            return Ending.WALL
        if self.resident_bytes() - spell.idle_resident_bytes > spell.limits.memory_bytes:
            return Ending.MEMORY
        if any(os.fstat(output).st_size > spell.limits.output_bytes for output in spell.outputs):
            return Ending.OUTPUT
        return None

    def cpu_seconds(self) -> float:
        """Used since the process began. Raises OSError when it is gone."""
        return time.clock_gettime(self._clock)

    def resident_bytes(self) -> int:
        member = self._supervisor.tree.spared_member(self._pid)
        return 0 if member is None else member.resident_bytes

    def release(self) -> None:
        """Watch it no more: from now on it is treated as any other child."""
        self._supervisor.drop(self._pid)
        os.close(self._handle)

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self._end(Ending.WALL)

    def _end(self, reached: Ending | None) -> CaseResult:
        if reached is not None:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self._supervisor.drop(self._pid)
        _, status, usage = os.wait4(self._pid, 0)
        os.close(self._handle)
        if self._supervisor.memory_ran_out():
            reached = Ending.MEMORY
        cpu_seconds = usage.ru_utime + usage.ru_stime
        if reached is not None:
            return CaseResult(ending=reached, cpu_seconds=cpu_seconds)
        own = end_of(status, PREPARED)
        return CaseResult(ending=own.ending, code=own.code, cpu_seconds=cpu_seconds)
