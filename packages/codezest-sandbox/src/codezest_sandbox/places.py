"""Where a sandbox keeps what it works on: file systems of its own, unless the tier has none (`open_places.py`).

`here()` belongs to the calling process, and is inherited by its children. Only the first process of a sandbox changes it.
"""

import os
from collections.abc import Sequence
from typing import Any

from codezest_sandbox import kernel
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.limits import Limits
from codezest_sandbox.result import Ending
from codezest_sandbox.tree import Member

_LITTLE_BYTES = 64 * 1024
_MOST_COVERED = 100


class Places:
    """In a mount namespace: fresh file systems, mounted over what was there."""

    work: str = WORK
    """The directory where programs start and may write, empty at the beginning of a case."""
    build: str = BUILD
    """Of the submission; read only while cases run."""

    def __init__(self) -> None:
        self._covered = 0

    def make_work(self, size: int, files: int) -> None:
        """Begin a case: an empty work directory that takes `size` bytes in so many files."""
        options = f"size={size},nr_inodes={files},mode=755"
        kernel.mount("tmpfs", WORK, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)

    def leave_work(self) -> None:
        """End a case, of which no process is left.

        What it left, however it locked it up, is covered by the next one's and cannot be reached again. It is only
        unmounted when it is more than a little: unmounting waits for every processor, which takes long on a busy machine.
        """
        state = os.statvfs(WORK)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        if used > _LITTLE_BYTES or self._covered >= _MOST_COVERED:
            kernel.detach(WORK)
        else:
            self._covered += 1

    def make_build(self, size: int, files: int) -> None:
        """An empty build directory, writable until it is sealed."""
        options = f"size={size},nr_inodes={files},mode=755"
        kernel.mount("tmpfs", BUILD, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)

    def seal_build(self) -> None:
        """The submission has been compiled: nothing in it changes any more."""
        flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount(None, BUILD, None, flags)

    def shut_in(self) -> None:
        """In a child that is to run somebody else's program: give up the files that are not the program's business."""

    def bound_processes(self, limits: Limits) -> int:
        """RLIMIT_NPROC of a case."""
        return limits.processes + 1  # the first process of the sandbox is one of them

    def limit_reached(self, members: Sequence[Member], limits: Limits) -> Ending | None:
        """A limit that a case with these processes alive has passed. Here the kernel lets it pass none."""
        del members, limits
        return None

    def translate(self, value: Any) -> Any:
        """JSON values with the names of places inside, wherever they occur in texts, replaced by the real ones."""
        return value


_here = [Places()]


def here() -> Places:
    return _here[0]


def move_to(places: Places) -> None:
    """Once, in the first process of a sandbox, before it does anything else."""
    _here[0] = places
