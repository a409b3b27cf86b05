"""The kernel's own bound on the memory of a sandbox, and its count of the CPU time, where cgroups may be made.

Sampling, which every tier has, decides the verdict; the cgroup is the wall behind it, which also holds what no sample
shows: kernel memory, buffers, and growth between two samples. Version 1 and version 2 of the interface are served.
The launcher proves at start that limits are obeyed before it claims the tier.

CPU time is counted by the controller `cpuacct` of version 1, in a hierarchy of its own, and by every group of version 2.
It is the only count that misses nothing: a process that nobody waits for leaves its time nowhere else.
"""

import contextlib
import os
from dataclasses import dataclass

_SLACK = 24 << 20
"""What the sandbox's own process, page tables and the like may take beyond what sampling counts."""


@dataclass(frozen=True, slots=True)
class _Interface:
    """Names that differ between the two versions."""

    members: str
    """Of version 1 the file that moves single threads, and not whole processes: see `enter`."""
    limit: str
    usage: str
    events: str
    """A file with a line `oom_kill COUNT`."""


_VERSIONS = {
    1: _Interface("tasks", "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control"),
    2: _Interface("cgroup.procs", "memory.max", "memory.current", "memory.events"),
}


class CpuCount:
    """The CPU time of all that is or ever was in a group."""

    def __init__(self, usage: int, version: int) -> None:
        """`usage`: descriptor of `cpuacct.usage` (version 1) or `cpu.stat` (version 2)."""
        self.descriptor = usage
        self._version = version

    def seconds(self) -> float:
        """Up to the last clock tick of what runs on another processor, and up to now of everything else."""
        content = os.pread(self.descriptor, 256, 0)
        if self._version == 1:
            return int(content) / 1e9
        return int(content.split(maxsplit=2)[1]) / 1e6  # the first line is `usage_usec COUNT`


class MemoryGroup:
    """The group of one sandbox, in which all its processes are. The first of them holds this."""

    def __init__(self, directory: int, version: int, cpu_directory: int | None = None) -> None:
        """Open what is needed.

        Args:
            directory: descriptor of the group.
            version: of its interface.
            cpu_directory: of the group that counts CPU time, where that is another one.
        """
        self._version = version
        self._cpu_members: int | None = None
        self.cpu: CpuCount | None = None
        if cpu_directory is not None:
            self._cpu_members = os.open(_VERSIONS[1].members, os.O_WRONLY, dir_fd=cpu_directory)
            self.cpu = CpuCount(os.open("cpuacct.usage", os.O_RDONLY, dir_fd=cpu_directory), 1)
        elif version == 2:
            self.cpu = CpuCount(os.open("cpu.stat", os.O_RDONLY, dir_fd=directory), 2)
        names = _VERSIONS[version]
        self._members = os.open(names.members, os.O_WRONLY, dir_fd=directory)
        self._limit = os.open(names.limit, os.O_RDWR, dir_fd=directory)
        self._usage = os.open(names.usage, os.O_RDONLY, dir_fd=directory)
        self._events = os.open(names.events, os.O_RDONLY, dir_fd=directory)
        self._kills_seen = 0
        self._bound = 0

    @property
    def descriptors(self) -> tuple[int, ...]:
        counting = (self._cpu_members, None if self.cpu is None else self.cpu.descriptor)
        always = (self._members, self._limit, self._usage, self._events)
        return (*always, *(descriptor for descriptor in counting if descriptor is not None))

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def admit(self, pid: int) -> None:
        """Move a process here, which has no threads yet, with all it will start. Takes the kernel many milliseconds."""
        for entry in self.entries:
            os.write(entry, str(pid).encode())

    @property
    def entries(self) -> tuple[int, ...]:
        """Descriptors: a process that has no threads and writes `0` to each is here from then on."""
        return (self._members,) if self._cpu_members is None else (self._members, self._cpu_members)

    def enter(self) -> None:
        """Move the calling process here, which has no threads.

        Version 1 need not stop every process of the machine for a thread that moves itself, and takes microseconds.
        """
        for entry in self.entries:
            os.write(entry, b"0")

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

    def __init__(self, base: int, version: int, cpu_base: int | None = None) -> None:
        """Begin.

        Args:
            base: descriptor of the base.
            version: of its interface.
            cpu_base: descriptor of the base for counting CPU time, where that is another one.
        """
        self._version = version
        self._base = base
        self._cpu_base = cpu_base
        self._made = 0
        self._present: set[str] = set()

    def enter_new(self) -> MemoryGroup:
        """Make a group and move the calling process into it."""
        group = self.make()
        group.enter()
        return group

    def make(self) -> MemoryGroup:
        self.remove_empty()
        name = f"sandbox-{self._made}"
        self._made += 1
        with contextlib.ExitStack() as opened:
            directories: list[int] = []
            for base in self._bases():
                os.mkdir(name, dir_fd=base)
                self._present.add(name)
                directories.append(os.open(name, os.O_PATH | os.O_DIRECTORY, dir_fd=base))
                opened.callback(os.close, directories[-1])
            return MemoryGroup(directories[0], self._version, *directories[1:])

    def remove_empty(self) -> None:
        """Remove the groups of sandboxes that have ended."""
        for name in list(self._present):
            with contextlib.suppress(OSError):  # busy: still running
                for base in self._bases():
                    with contextlib.suppress(FileNotFoundError):
                        os.rmdir(name, dir_fd=base)
                self._present.discard(name)

    def _bases(self) -> tuple[int, ...]:
        return (self._base,) if self._cpu_base is None else (self._base, self._cpu_base)
