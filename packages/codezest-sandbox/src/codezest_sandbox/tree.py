"""What a tree of processes uses right now, read from the host's /proc by the trusted first process of a sandbox.

Learners' processes have no /proc. The descriptor used here never reaches them.
"""

import os
import re
from dataclasses import dataclass, replace

from codezest_sandbox import kernel

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
_INNER = re.compile(rb"^NSpid:.*\s(\d+)$", re.MULTILINE)
_PROPORTIONAL = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Member:
    """One process, as /proc/PID/stat tells."""

    pid: int
    started: int
    state: bytes
    """One letter: `R` runs or is ready to, `Z` has ended, or its main thread has."""
    cpu_seconds: float
    reaped_cpu_seconds: float
    """Of children it has waited for, and of theirs."""
    threads: int
    resident_bytes: int
    shown_by: str
    """The name in /proc under which its memory is found."""


@dataclass(frozen=True, slots=True)
class ScheduledTime:
    """What the main thread of a process has had of processors, as /proc/PID/schedstat tells."""

    ran_seconds: float
    waited_seconds: float
    """Ready to run, before it last began to."""
    slices: int
    """How often it has begun to run."""


def _read(proc: int, path: str) -> bytes:
    """Content of a small file, empty when the process is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=proc)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def parse_stat(content: bytes) -> Member | None:
    """Read a line of /proc/PID/stat; the command's name in it may hold any character."""
    opening, _, fields = content.rpartition(b")")
    if not fields:
        return None
    values = fields.split()
    return Member(
        pid=int(opening.split(b" ", 1)[0]),
        started=int(values[19]),
        state=values[0],
        cpu_seconds=(int(values[11]) + int(values[12])) / _TICK,
        reaped_cpu_seconds=(int(values[13]) + int(values[14])) / _TICK,
        threads=int(values[17]),
        resident_bytes=int(values[21]) * _PAGE,
        shown_by=str(int(opening.split(b" ", 1)[0])),
    )


class ProcessTree:
    """All descendants of the calling process."""

    def __init__(self, proc: int) -> None:
        """`proc`: descriptor of a /proc that shows this process."""
        self._proc = proc
        self._root = os.readlink("self", dir_fd=proc)
        self._spared: dict[int, str] = {}
        self._to_spare: set[int] = set()
        self._cpu_seen: dict[tuple[int, int], float] = {}
        self._cpu_accounted = 0.0

    def forget(self) -> None:
        """Begin a new case."""
        self._cpu_seen.clear()
        self._cpu_accounted = 0.0

    def spare(self, inner_pid: int) -> None:
        """Leave a child of the calling process out from now on; what it starts is still counted."""
        for pid in self._children(self._root, threads=1):
            if self._inner_pid(pid) == inner_pid:
                self._spared[inner_pid] = pid

    def spare_later(self, inner_pid: int) -> None:
        """As `spare`, but only looked for when it matters: most programs end before anybody looks at them."""
        self._to_spare.add(inner_pid)

    def spare_no_more(self, inner_pid: int) -> None:
        self._to_spare.discard(inner_pid)
        self._spared.pop(inner_pid, None)

    def spared_member(self, inner_pid: int) -> Member | None:
        """What a spared child itself uses; None when it is gone."""
        pid = self._spared.get(inner_pid)
        return None if pid is None else self._member(pid)

    def inner_pids(self) -> list[int]:
        """All members, by their ids as the calling process knows them."""
        found = [self._inner_pid(str(member.pid)) for member in self.members()]
        return [pid for pid in found if pid]

    def own_memory(self) -> tuple[int, int]:
        """Address space and resident memory of the calling process, in bytes."""
        size, resident, *_ = _read(self._proc, "self/statm").split()
        return int(size) * _PAGE, int(resident) * _PAGE

    def offer_to_the_kernel(self) -> None:
        """Called in a child: if memory runs out, it and its children are to be killed before the first process.

        Makes the child visible to its own user, as it must be for its memory to be added up.
        """
        kernel.set_dumpable(True)
        descriptor = os.open("self/oom_score_adj", os.O_WRONLY, dir_fd=self._proc)
        os.write(descriptor, b"1000")
        os.close(descriptor)

    def members(self) -> list[Member]:
        """Everything alive below the calling process, itself and what it spares not included."""
        while self._to_spare:
            self.spare(self._to_spare.pop())
        spared = set(self._spared.values())
        found: list[Member] = []
        pending = self._children(self._root, threads=1)
        while pending:
            member = self._member(pending.pop())
            if member is None:
                continue
            pending += self._children(str(member.pid), member.threads)
            if str(member.pid) not in spared:
                found.append(member)
                self._cpu_seen[member.pid, member.started] = member.cpu_seconds
        accounted = sum(member.cpu_seconds + member.reaped_cpu_seconds for member in found)
        self._cpu_accounted = max(self._cpu_accounted, accounted)
        return found

    @property
    def cpu_seconds_seen(self) -> float:
        """The larger of two incomplete counts of CPU time, which overlap and so cannot be added.

        One is of all processes ever met, those included that nobody waited for. The other is of the living and all they
        have waited for, those included that lived too shortly to be met.
        """
        return max(self._cpu_accounted, sum(self._cpu_seen.values()))

    def proportional_bytes(self, members: list[Member]) -> int:
        """Resident memory with each shared page divided among its users: exact, and slower to find."""
        total = 0
        for member in members:
            match = _PROPORTIONAL.search(_read(self._proc, f"{member.shown_by}/smaps_rollup"))
            total += int(match[1]) * 1024 if match else 0
        return total

    def scheduled(self, member: Member) -> ScheduledTime | None:
        """None when it is gone, or the kernel does not tell."""
        fields = _read(self._proc, f"{member.pid}/schedstat").split()
        if len(fields) != 3:
            return None
        ran, waited, slices = map(int, fields)
        return ScheduledTime(ran / 1e9, waited / 1e9, slices)

    def ready_to_run(self) -> int | None:
        """Threads of the whole machine that run or are ready to; None when the kernel does not tell."""
        *_, ready, _ = _read(self._proc, "loadavg").split() or (b"", b"")
        return int(ready.partition(b"/")[0]) if ready else None

    def _member(self, pid: str) -> Member | None:
        member = parse_stat(_read(self._proc, f"{pid}/stat"))
        if member is None or member.resident_bytes or member.threads < 2:
            return member
        # The main thread has ended, and /proc shows no memory under its name; any other thread's shows all of it.
        for thread in self._tasks(pid):
            shown = None if thread == pid else parse_stat(_read(self._proc, f"{thread}/stat"))
            if shown is not None and shown.resident_bytes:
                return replace(member, resident_bytes=shown.resident_bytes, shown_by=thread)
        return member

    def _inner_pid(self, pid: str) -> int:
        match = _INNER.search(_read(self._proc, f"{pid}/status"))
        return int(match[1]) if match else 0

    def _children(self, pid: str, threads: int) -> list[str]:
        tasks = self._tasks(pid) if threads > 1 else [pid]  # a process belongs to the thread that forked it
        return [child.decode() for task in tasks for child in _read(self._proc, f"{pid}/task/{task}/children").split()]

    def _tasks(self, pid: str) -> list[str]:
        try:
            descriptor = os.open(f"{pid}/task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
        except OSError:
            return []
        try:
            return os.listdir(descriptor)  # noqa: PTH208  # a descriptor has no path
        except OSError:
            return []
        finally:
            os.close(descriptor)
