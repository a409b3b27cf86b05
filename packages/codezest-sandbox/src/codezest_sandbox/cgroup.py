"""The kernel's own bound on the memory of a sandbox, where this process may make memory cgroups.

Sampling, which every tier has, decides the verdict; the cgroup is the wall behind it, which also holds what no sample
shows: kernel memory, buffers, and growth between two samples. Version 1 and version 2 of the interface are served.
The launcher proves at start that limits are obeyed before it claims the tier.
"""

import contextlib
import os
from dataclasses import dataclass

_SLACK = 24 << 20
"""What the sandbox's own process, page tables and the like may take beyond what sampling counts."""


@dataclass(frozen=True, slots=True)
class _Interface:
    """Names that differ between the two versions."""

    limit: str
    usage: str
    events: str
    """A file with a line `oom_kill COUNT`."""


_VERSIONS = {
    1: _Interface("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control"),
    2: _Interface("memory.max", "memory.current", "memory.events"),
}


class MemoryGroup:
    """The group of one sandbox, in which all its processes are. The first of them holds this."""

    def __init__(self, directory: int, version: int) -> None:
        """`directory`: descriptor of the group."""
        self._version = version
        names = _VERSIONS[version]
        self._members = os.open("cgroup.procs", os.O_WRONLY, dir_fd=directory)
        self._limit = os.open(names.limit, os.O_RDWR, dir_fd=directory)
        self._usage = os.open(names.usage, os.O_RDONLY, dir_fd=directory)
        self._events = os.open(names.events, os.O_RDONLY, dir_fd=directory)
        self._kills_seen = 0
        self._bound = 0

    @property
    def descriptors(self) -> tuple[int, ...]:
        return (self._members, self._limit, self._usage, self._events)

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def admit(self, pid: int) -> None:
        """Move a process here, with all it will start."""
        os.write(self._members, str(pid).encode())

    def arm(self, memory_bytes: int) -> None:
        """Bound what is used from now on."""
        usage = int(os.pread(self._usage, 64, 0))
        self._bound = usage + memory_bytes + _SLACK
        os.pwrite(self._limit, str(self._bound).encode(), 0)

    def ease(self) -> None:
        """The program is over: leave room for those who clear up, while the kernel still counts what it takes back.

        Without, a first process that needs a page in that moment would be the only one left to be killed for it.
        """
        os.pwrite(self._limit, str(self._bound + _SLACK).encode(), 0)

    def holds(self) -> bool:
        """Whether the kernel takes limits and counts memory here."""
        before = os.pread(self._limit, 64, 0)
        self.arm(0)
        limit = int(os.pread(self._limit, 64, 0))
        os.pwrite(self._limit, b"-1" if self._version == 1 else before, 0)
        return 0 < int(os.pread(self._usage, 64, 0)) <= limit < 1 << 40

    def killed(self) -> bool:
        """Whether the kernel has killed something here for its memory since this was last asked."""
        before, self._kills_seen = self._kills_seen, self._kills()
        return self._kills_seen > before

    def _kills(self) -> int:
        for line in os.pread(self._events, 4096, 0).splitlines():
            name, _, count = line.partition(b" ")
            if name == b"oom_kill":
                return int(count)
        return 0


class MemoryGroups:
    """Makes and removes the groups of sandboxes. Belongs to the launcher."""

    def __init__(self, base: int, version: int) -> None:
        """`base`: descriptor of the base."""
        self._base = base
        self._version = version
        self._made = 0
        self._present: set[str] = set()

    def enter_new(self) -> MemoryGroup:
        """Make a group and move the calling process into it."""
        group = self.make()
        group.admit(os.getpid())
        return group

    def make(self) -> MemoryGroup:
        self.remove_empty()
        name = f"sandbox-{self._made}"
        self._made += 1
        os.mkdir(name, dir_fd=self._base)
        self._present.add(name)
        directory = os.open(name, os.O_PATH | os.O_DIRECTORY, dir_fd=self._base)
        try:
            return MemoryGroup(directory, self._version)
        finally:
            os.close(directory)

    def remove_empty(self) -> None:
        """Remove the groups of sandboxes that have ended."""
        for name in list(self._present):
            with contextlib.suppress(OSError):  # busy: still running
                os.rmdir(name, dir_fd=self._base)
                self._present.discard(name)
