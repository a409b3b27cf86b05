"""The last steps of a child before it becomes somebody else's program: its files, its limits, its rights."""

import os
import resource
from dataclasses import dataclass

from codezest_sandbox import kernel
from codezest_sandbox.limits import MEBIBYTE, Limits
from codezest_sandbox.places import here

_ADDRESS_SPACE_HEADROOM = 64 * MEBIBYTE
"""Reserved but untouched memory, such as thread stacks, costs nothing; what is touched is measured."""
_STACK = 64 * MEBIBYTE
_PENDING_SIGNALS = 64
_FILES = 1024
_SPARE_PAGES = 16
_ABOVE = 40
"""Descriptors from here on are free in a child of the first process, and below the limit on their number."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Descriptors that become a program's standard input, output and error."""

    stdin: int
    stdout: int
    stderr: int


class WorkDirectory:
    """An empty directory for each case. Belongs to the first process of a sandbox."""

    def renew(self, limits: Limits, extra_files: int = 0, extra_bytes: int = 0) -> None:
        """Begin a case. `extra_files`, `extra_bytes`: what the test puts there beside what the program may write."""
        size = limits.file_bytes + extra_bytes + 4096 * (extra_files + _SPARE_PAGES)
        here().make_work(size, _FILES + extra_files)

    def leave(self) -> None:
        """End a case, of which no process is left."""
        here().leave_work()


def put_file(name: str, content: bytes, *, directory: str | None = None, mode: int = 0o644) -> None:
    """Write a file into a directory, the work directory unless given. The name is relative and may have parents."""
    path = f"{directory or here().work}/{name}"
    if "/" in name:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  # pathlib is not loaded here
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def use_streams(streams: Streams, report: int, link: int | None = None) -> int:
    """Put the streams in place and close every other descriptor but the report. Returns where the report now is.

    Args:
        streams: become 0, 1 and 2.
        report: is closed at exec.
        link: becomes 3, and stays.
    """
    wanted = [streams.stdin, streams.stdout, streams.stderr] + ([] if link is None else [link])
    given = [*wanted, report]
    if min(given) <= len(wanted):  # one would be overwritten before it is moved
        given = [os.dup2(number, _ABOVE + place, inheritable=False) for place, number in enumerate(given)]
    for place, number in enumerate(given[:-1]):
        os.dup2(number, place)
    os.dup2(given[-1], len(wanted), inheritable=False)
    kernel.close_from(len(wanted) + 1)
    return len(wanted)


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


def apply_limits(limits: Limits, address_space: int | None) -> None:
    """The limits of one case. `address_space`: that of the idle interpreter, in bytes; None where it is not to be bound."""
    if address_space is not None:
        _lower(resource.RLIMIT_AS, address_space + limits.memory_bytes + _ADDRESS_SPACE_HEADROOM)
    for which, value in (
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),  # a second line of defence; the supervisor's clock is finer
        (resource.RLIMIT_FSIZE, limits.largest_write),
        (resource.RLIMIT_NPROC, here().bound_processes(limits)),
        (resource.RLIMIT_NOFILE, limits.open_files),
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
