"""Where a sandbox keeps what it works on when it shares the file system with the host, and Landlock bounds it.

A directory with a name that nobody can guess belongs to one sandbox:

    PLACE/work   the work directory, emptied after each case
    PLACE/build  of the submission

Landlock does not guard modes and times of files. What a program may have done to those of its own sandbox is undone after
each case; those of everybody else belong to other accounts, or the system call filter refuses (`seccomp.py`).
"""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from codezest_sandbox import landlock, removal
from codezest_sandbox.inside import BUILD, TOOLCHAINS, WORK
from codezest_sandbox.limits import Limits
from codezest_sandbox.places import Places
from codezest_sandbox.result import Ending
from codezest_sandbox.tree import Member

_MOST_PROCESSES = 1024
"""Processes of a whole account: the wall behind `limit_reached`, which decides."""
_HIDDEN_LOOKS = 5
_BLOCK = 512
_FOLDER = 0o755
_UNLOCKED = 0o700
_EXECUTABLE = 0o755


class _Room(NamedTuple):
    """What may be put into a directory."""

    size: int
    files: int


class OpenPlaces(Places):
    """Belongs to the first process of a sandbox."""

    def __init__(self, place: str, *, readable: Sequence[landlock.Rule], trees: Mapping[str, str], proc: int) -> None:
        """Make the directories.

        Args:
            place: an empty directory of this sandbox alone.
            readable: what programs may read, beside its own.
            trees: see `Launcher`.
            proc: descriptor of the host's /proc.
        """
        super().__init__()
        self.work, self.build = f"{place}/work", f"{place}/build"
        self._proc = proc
        self._names = {f"{TOOLCHAINS}/{name}" if name[0] != "/" else name: path for name, path in trees.items()}
        self._names |= {WORK: self.work, BUILD: self.build}
        longest_first = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        # A name stands at the beginning of a path: after nothing that could belong to one, or after an option's letter.
        self._inner_names = re.compile(rf"(?:(?<![\w/.\-])|(?<=-[A-Za-z]))(?:{longest_first})(?![\w.\-])")
        self._folders = [_open_folder(place)]
        for path in (self.work, self.build):
            os.mkdir(path, _FOLDER)  # noqa: PTH102  # pathlib is not loaded here
            self._folders.append(_open_folder(path))
        self._place, self._work, self._build = self._folders
        build_rights = (self._build, landlock.READ)
        work_rights = (self._work, landlock.ALL)
        self._of_cases = landlock.Layer([*readable, build_rights, work_rights])
        self._of_compilers = landlock.Layer([*readable, (self._build, landlock.ALL), work_rights])
        self._is_building = False
        self._room = self._build_room = _Room(0, 0)
        self._built: list[str] = []
        self._hidden_looks = 0
        self._device = os.fstat(self._work).st_dev
        self._account_processes = _threads_of_account(proc)

    @property
    def descriptors(self) -> tuple[int, ...]:
        return (*self._folders, self._of_cases.descriptor, self._of_compilers.descriptor)

    def make_work(self, size: int, files: int) -> None:
        self._room = _Room(size, files)

    def leave_work(self) -> None:
        removal.empty(self._work)
        for folder in self._folders:
            os.fchmod(folder, _FOLDER)
            os.utime(folder)
        for path in self._built:  # whatever was done to them or not, so that nothing can be told by it
            os.chmod(path, _EXECUTABLE, dir_fd=self._build)  # relative to a descriptor
            os.utime(path, dir_fd=self._build)

    def make_build(self, size: int, files: int) -> None:
        self._build_room = _Room(size, files)
        self._is_building = True

    def seal_build(self) -> None:
        """Whatever is plain becomes executable: compilers may not have been allowed to say what is."""
        self._built.clear()
        for path, found in self._walk(self._build):
            if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
                os.chmod(path, _EXECUTABLE, dir_fd=self._build)  # relative to a descriptor
                self._built.append(path)
        self._is_building = False

    def shut_in(self) -> None:
        (self._of_compilers if self._is_building else self._of_cases).put_on()

    def bound_processes(self, limits: Limits) -> int:
        return self._account_processes + limits.processes + _MOST_PROCESSES

    def limit_reached(self, members: Sequence[Member], limits: Limits) -> Ending | None:
        if sum(member.threads for member in members) > limits.processes:
            return Ending.SIGNAL
        return Ending.FILES if self._is_overfull(members) else None

    def _is_overfull(self, members: Sequence[Member]) -> bool:
        try:
            overfull = self._is_beyond(self._work, self._room, self._nameless_bytes(members))
            return overfull or (self._is_building and self._is_beyond(self._build, self._build_room, 0))
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:  # deeper than anybody can say
                return True
            raise

    def _is_beyond(self, root: int, room: _Room, used: int) -> bool:
        for count, (_, found) in enumerate(self._walk(root), start=1):
            used += 0 if stat.S_ISDIR(found.st_mode) else found.st_blocks * _BLOCK
            if used > room.size or count > room.files:
                return True
        return used > room.size

    def _walk(self, root: int) -> Iterator[tuple[str, os.stat_result]]:
        """Everything below a directory, by its path from there, folders before what they hold. Locked ones are unlocked."""
        if os.fstat(root).st_mode & _UNLOCKED != _UNLOCKED:
            os.fchmod(root, _FOLDER)
        pending = [""]
        while pending:
            parent = pending.pop()
            try:
                folder = self._open_for_reading(root, parent or ".")
            except (FileNotFoundError, NotADirectoryError):
                continue  # it has just been removed, or become something else
            try:
                for name in os.listdir(folder):  # noqa: PTH208  # a descriptor has no path
                    with contextlib.suppress(FileNotFoundError):
                        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                        path = f"{parent}/{name}" if parent else name
                        if stat.S_ISDIR(found.st_mode):
                            pending.append(path)
                        yield path, found
            finally:
                os.close(folder)

    def _open_for_reading(self, root: int, path: str) -> int:
        flags = os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            return os.open(path, flags | os.O_RDONLY, dir_fd=root)
        except PermissionError:
            handle = os.open(path, flags | os.O_PATH, dir_fd=root)
        try:  # by the handle, because the name may meanwhile be that of a link to somebody else's folder
            os.chmod(f"self/fd/{handle}", _FOLDER, dir_fd=self._proc)  # relative to a descriptor
            return os.open(".", flags | os.O_RDONLY, dir_fd=handle)
        finally:
            os.close(handle)

    def _nameless_bytes(self, members: Sequence[Member]) -> int:
        """Of files without a name that processes have open; more than any room if one hides for long what it has open."""
        found: dict[int, int] = {}
        hidden = False
        for member in members:
            try:
                found |= self._nameless_files(int(member.shown_by))
            except PermissionError:  # also in the first moments of a child, and in the last
                hidden = hidden or member.threads > 1 or not self._has_ended(member.pid)
            except (FileNotFoundError, ProcessLookupError):
                continue
        self._hidden_looks = self._hidden_looks + 1 if hidden else 0
        return sum(found.values()) if self._hidden_looks < _HIDDEN_LOOKS else self._room.size + 1

    def _has_ended(self, pid: int) -> bool:
        """Whether the only thread of a process waits to be reaped."""
        try:
            descriptor = os.open(f"{pid}/stat", os.O_RDONLY, dir_fd=self._proc)
        except FileNotFoundError:
            return True
        with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor has no path
            return file.read().rpartition(b") ")[2][:1] in b"ZX"

    def _nameless_files(self, pid: int) -> dict[int, int]:
        """Inode → bytes."""
        found: dict[int, int] = {}
        folder = os.open(f"{pid}/fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
        try:
            for name in os.listdir(folder):  # noqa: PTH208  # a descriptor has no path
                with contextlib.suppress(FileNotFoundError):
                    file = os.stat(name, dir_fd=folder)
                    if file.st_dev == self._device and not file.st_nlink and stat.S_ISREG(file.st_mode):
                        found[file.st_ino] = file.st_blocks * _BLOCK
        finally:
            os.close(folder)
        return found

    def translate(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._inner_names.sub(lambda found: self._names[found[0]], value)
        if isinstance(value, dict):
            return {key: self.translate(inner) for key, inner in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.translate(inner) for inner in cast("list[Any]", value)]
        return value


def _open_folder(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _threads_of_account(proc: int) -> int:
    """Of the processes that can be seen."""
    count, account = 0, os.getuid()
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=proc)
    for name in os.listdir(folder):  # noqa: PTH208  # a descriptor has no path
        if name.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(name, dir_fd=proc).st_uid == account:
                    count += os.stat(f"{name}/task", dir_fd=proc).st_nlink - 2
    os.close(folder)
    return count
