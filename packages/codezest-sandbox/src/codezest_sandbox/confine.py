"""The last steps of a child before it becomes somebody else's program: its files, its limits, its rights."""

import os
import resource
from dataclasses import dataclass

from codezest_sandbox import kernel
from codezest_sandbox.inside import WORK
from codezest_sandbox.limits import MEBIBYTE, Limits

_ADDRESS_SPACE_HEADROOM = 64 * MEBIBYTE
"""Reserved but untouched memory, such as thread stacks, costs nothing; what is touched is measured."""
_STACK = 64 * MEBIBYTE
_PENDING_SIGNALS = 64
_FILES = 1024
_SPARE_PAGES = 16
_LITTLE_BYTES = 64 * 1024
_MOST_COVERED = 100
_FIRST_OTHER_DESCRIPTOR = 3


@dataclass(frozen=True, slots=True)
class Streams:
    """Descriptors that become a program's standard input, output and error."""

    stdin: int
    stdout: int
    stderr: int


class WorkDirectory:
    """An empty file system on WORK for each case. Belongs to the first process of a sandbox.

    What a case leaves, however it locked it up, is covered by the next one's and cannot be reached again. It is only
    unmounted when it holds more than a little: unmounting waits for every processor, which takes long on a busy machine.
    """

    def __init__(self) -> None:
        self._covered = 0

    def renew(self, limits: Limits, extra_files: int = 0, extra_bytes: int = 0) -> None:
        """Begin a case. `extra_files`, `extra_bytes`: what the test puts there beside what the program may write."""
        size = limits.file_bytes + extra_bytes + 4096 * (extra_files + _SPARE_PAGES)
        options = f"size={size},nr_inodes={_FILES + extra_files},mode=755"
        kernel.mount("tmpfs", WORK, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)

    def leave(self) -> None:
        """End a case, of which no process is left."""
        state = os.statvfs(WORK)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        if used > _LITTLE_BYTES or self._covered >= _MOST_COVERED:
            kernel.detach(WORK)
        else:
            self._covered += 1


def put_file(name: str, content: bytes) -> None:
    """Write a file of the test into the working directory. The name is relative and may have parents."""
    path = f"{WORK}/{name}"
    if "/" in name:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  # pathlib is not loaded here
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)


def use_streams(streams: Streams, report: int) -> int:
    """Put the streams in place and close every other descriptor but the report. Returns where the report now is."""
    os.dup2(streams.stdin, 0)
    os.dup2(streams.stdout, 1)
    os.dup2(streams.stderr, 2)
    if report != _FIRST_OTHER_DESCRIPTOR:
        os.dup2(report, _FIRST_OTHER_DESCRIPTOR, inheritable=False)
    kernel.close_from(_FIRST_OTHER_DESCRIPTOR + 1)
    return _FIRST_OTHER_DESCRIPTOR


def _lower(which: int, value: int) -> None:
    """Set a limit, hard as soft. Where it is lower already it stays."""
    try:
        resource.setrlimit(which, (value, value))
    except (ValueError, OSError):
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (min(value, hard), hard))


def apply_common_limits() -> None:
    """Limits that no case changes, set once by the launcher and inherited."""
    for which, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_SIGPENDING, _PENDING_SIGNALS),
        (resource.RLIMIT_STACK, _STACK),
    ):
        _lower(which, value)


def apply_limits(limits: Limits, address_space: int) -> None:
    """The limits of one case. `address_space`: that of the idle interpreter, in bytes."""
    for which, value in (
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),  # a second line of defence; the supervisor's clock is finer
        (resource.RLIMIT_FSIZE, limits.largest_write),
        (resource.RLIMIT_NPROC, limits.processes + 1),  # the first process of the sandbox is one of them
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_AS, address_space + limits.memory_bytes + _ADDRESS_SPACE_HEADROOM),
    ):
        _lower(which, value)


def give_up_rights(seccomp_filter: kernel.SeccompFilter) -> None:
    """After this only what the filter allows can be done, and that without any capability.

    The first process of the sandbox has already barred the way back to capabilities.
    """
    os.setsid()
    kernel.set_dumpable(True)  # lets the supervisor, who has the same user, add up shared memory
    kernel.drop_capabilities()
    seccomp_filter.install()
