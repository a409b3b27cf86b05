"""Seeing when a running program has reached one of its limits.

CPU time is the hard one. A process that ends takes its time with it unless somebody waits for it, and a parent that
ignores SIGCHLD has the kernel clear its children away without that: their time then stands nowhere but in a group's count
(`GroupTime`). Where there is no group, it is estimated from what is met alive (`VanishedTime`).
"""

import math
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from codezest_sandbox.cgroup import CpuCount, MemoryGroup
from codezest_sandbox.limits import Limits
from codezest_sandbox.places import here
from codezest_sandbox.result import Ending
from codezest_sandbox.tree import Member, ProcessTree

LOOK_SECONDS = 0.02
"""The longest time between two looks."""
SHORTEST_LOOK_SECONDS = 0.002
_RESTLESS_LOOK_SECONDS = 0.005
"""The same while processes come and go of which nothing tells the time; half as much again at most."""
_PROPORTIONAL_SECONDS = 0.1
"""Adding up shared pages walks page tables; done at most this often."""
_DEVIATIONS = 4.0
"""By so many standard deviations an estimate must exceed what is known before it counts."""


def cpu_clock(pid: int) -> int:
    """Id of the clock that counts all threads of a process."""
    return (~pid << 3) | 2


class GroupTime:
    """CPU time of a case, from the count of the group in which the sandbox is: that of all but its trusted processes."""

    @classmethod
    def begin(cls, group: MemoryGroup | None, residents: Iterable[int]) -> "GroupTime | None":
        """As a case begins. None where no group counts. `residents`: trusted processes in it beside the calling one."""
        return None if group is None or group.cpu is None else cls(group.cpu, residents)

    def __init__(self, count: CpuCount, residents: Iterable[int]) -> None:
        self._count = count
        self._trusted = dict.fromkeys(residents, 0.0)
        self._began = 0.0
        self._began = self.seconds()

    def seconds(self) -> float:
        """Since the case began; of what runs on other processors, up to their last clock tick."""
        own = time.process_time()  # first, because it makes the kernel add the calling process's time to the group's
        for resident in self._trusted:
            with suppress(OSError):  # it is gone: what it had used when last asked stays
                self._trusted[resident] = time.clock_gettime(cpu_clock(resident))
        return self._count.seconds() - own - sum(self._trusted.values()) - self._began


@dataclass(slots=True)
class _Sample:
    """One process as far as it has been met."""

    ran_seconds: float
    first_seconds: float
    """What meeting it for the first time stands for."""
    later_seconds: float = 0.0
    """What it was then seen to use."""


class VanishedTime:
    """An estimate of CPU time without a group's count: exact for the living, by sampling for those that have ended.

    A running process that is met for the first time stands for the time since the look before: others like it came and
    went unseen. What is known of the time of those that somebody waited for replaces the estimate where it is larger;
    where it is smaller, the difference counts once chance and a busy machine no longer explain it. So nobody is wronged,
    and who hides time gets away with some of it: a third of what is allowed or more, on a busy machine several times that,
    until the wall limit ends it.
    """

    def __init__(self, tree: ProcessTree) -> None:
        self._tree = tree
        self._met: dict[tuple[int, int], _Sample] = {}
        self._processors = os.cpu_count() or 1
        self._vanished = 0.0
        self._variance = 0.0
        self.seconds = 0.0
        self.restless = False
        """Whether a process has ended since the look before."""

    def look(self, members: list[Member], interval: float) -> None:
        """`interval`: seconds that were meant to go by since the look before; being late proves nothing."""
        before, self._met = self._met, {}
        share = None
        for member in members:
            key = member.pid, member.started
            times = self._tree.scheduled(member)
            ran = max(member.cpu_seconds, times.ran_seconds if times else 0.0)
            sample = before.pop(key, None)
            if sample is None:
                sample = _Sample(ran, 0.0)
                if times is not None and times.slices and member.state == b"R":
                    share = self._share() if share is None else share
                    used = ran / (ran + times.waited_seconds) if ran else 1.0
                    sample.first_seconds = interval * min(share, used)
            sample.later_seconds += max(0.0, ran - sample.ran_seconds)
            sample.ran_seconds = ran
            self._met[key] = sample
        self.restless = bool(before)
        for sample in before.values():
            self._vanished += sample.first_seconds + sample.later_seconds
            self._variance += sample.first_seconds**2
        alive = sum(sample.ran_seconds for sample in self._met.values())
        waited_for = sum(member.reaped_cpu_seconds for member in members)
        certain = self._vanished - _DEVIATIONS * math.sqrt(self._variance)
        self.seconds = max(self.seconds, alive + max(waited_for, certain))

    def _share(self) -> float:
        """Which part of those that are ready to run has a processor, the calling process left out."""
        ready = self._tree.ready_to_run()
        return 0.0 if ready is None else min(1.0, self._processors / max(1, ready - 1))


class Watch:
    """Looks at a running program again and again."""

    def __init__(
        self,
        pid: int,
        limits: Limits,
        tree: ProcessTree,
        idle_resident_bytes: int,
        *,
        outputs: tuple[int, ...],
        group_time: GroupTime | None,
    ) -> None:
        self._clock = cpu_clock(pid)
        self._outputs = outputs
        self._limits = limits
        self._tree = tree
        self._idle = idle_resident_bytes
        self._group_time = group_time
        self._vanished = VanishedTime(tree)
        self._processors = os.cpu_count() or 1
        self._deadline = time.monotonic() + limits.wall_seconds
        self._exact_after = 0.0
        self.peak_bytes = 0
        self.next_look_seconds = min(LOOK_SECONDS, limits.cpu_seconds, limits.wall_seconds)

    def cpu_seconds(self) -> float:
        """Of the whole tree, as far as it is known now."""
        counted = self._vanished.seconds if self._group_time is None else self._group_time.seconds()
        return max(counted, self._tree.cpu_seconds_seen)

    def look(self) -> Ending | None:
        """The limit that has been reached, if any. Sets when to look next."""
        now = time.monotonic()
        main_cpu = time.clock_gettime(self._clock)
        members = self._tree.members()
        if self._group_time is None:
            self._vanished.look(members, self.next_look_seconds)
        cpu = max(main_cpu, self.cpu_seconds())
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
        self._plan(members, self._limits.cpu_seconds - cpu, now)
        return here().limit_reached(members, self._limits)

    def _plan(self, members: list[Member], cpu_left: float, now: float) -> None:
        """As many threads at once use up what is left so many times as fast."""
        at_once = min(self._processors, max(1, sum(member.threads for member in members)))
        soon = max(SHORTEST_LOOK_SECONDS, cpu_left / (2 * at_once))
        longest = LOOK_SECONDS
        if self._vanished.restless:  # at a moment that the program cannot foresee
            longest = _RESTLESS_LOOK_SECONDS * (0.5 + os.urandom(1)[0] / 255)
        self.next_look_seconds = min(longest, soon, self._deadline - now)
