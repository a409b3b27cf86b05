"""Seeing when a running program has reached one of its limits."""

import os
import time

from codezest_sandbox.limits import Limits
from codezest_sandbox.places import here
from codezest_sandbox.result import Ending
from codezest_sandbox.tree import ProcessTree

LOOK_SECONDS = 0.02
"""The longest time between two looks."""
SHORTEST_LOOK_SECONDS = 0.002
_PROPORTIONAL_SECONDS = 0.1
"""Adding up shared pages walks page tables; done at most this often."""


def cpu_clock(pid: int) -> int:
    """Id of the clock that counts all threads of a process."""
    return (~pid << 3) | 2


class Watch:
    """Looks at a running program again and again."""

    def __init__(
        self, pid: int, limits: Limits, tree: ProcessTree, idle_resident_bytes: int, outputs: tuple[int, ...]
    ) -> None:
        self._clock = cpu_clock(pid)
        self._outputs = outputs
        self._limits = limits
        self._tree = tree
        self._idle = idle_resident_bytes
        self._deadline = time.monotonic() + limits.wall_seconds
        self._exact_after = 0.0
        self.peak_bytes = 0
        self.next_look_seconds = min(LOOK_SECONDS, limits.cpu_seconds, limits.wall_seconds)

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
        if any(os.fstat(output).st_size > self._limits.output_bytes for output in self._outputs):
            return Ending.OUTPUT
        cpu_left = max(SHORTEST_LOOK_SECONDS, (self._limits.cpu_seconds - cpu) / 2)
        self.next_look_seconds = min(LOOK_SECONDS, cpu_left, self._deadline - now)
        return here().limit_reached(members, self._limits)
