"""The launcher where it shares the host's file system: what it keeps of it, and how it forks a sandbox there."""

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterable, Mapping
from typing import Any

from codezest_sandbox import kernel, removal
from codezest_sandbox.interpreter import Interpreter
from codezest_sandbox.keeper import become_keeper, keep
from codezest_sandbox.landlock import ALL, READ, READ_AND_WRITE_FILES, REMOVE_DIRECTORY, Layer, Rule
from codezest_sandbox.open_places import OpenPlaces
from codezest_sandbox.open_root import readable, why_unreachable


class OpenSite:
    """Belongs to the launcher."""

    def __init__(
        self,
        *,
        interpreter: Mapping[str, Any],
        packages: str,
        trees: Mapping[str, str],
        temporary: str,
        prefix: str,
        owns_files: bool,
    ) -> None:
        """Look at what there is.

        Args:
            interpreter: fields of Interpreter.
            packages: directory of the package `codezest_sandbox`.
            trees: see `Launcher`.
            temporary: directory for temporary files.
            prefix: how names of sandboxes' directories begin.
            owns_files: whether files of the host belong to the account that runs programs.
        """
        self.owns_files = owns_files
        self._readable = readable(Interpreter(**interpreter), trees)
        self._packages: Rule = (os.open(packages, os.O_PATH), READ)
        self._trees = dict(trees)
        self._temporary = os.open(temporary, os.O_PATH | os.O_DIRECTORY)
        self.places_begin_with = f"{temporary}/{prefix}"
        reasons = {name: why_unreachable(path) for name, path in trees.items()}
        self.unreachable = {name: reason for name, reason in reasons.items() if reason}

    def shut_in(self, proc: int, group_bases: Iterable[int | None]) -> None:
        """The launcher's own share: what sandboxes need, and what it needs to make them."""
        kernel.die_with_parent(signal.SIGKILL)
        rules = [*self._trusted(proc), (self._temporary, ALL)]
        rules += [(base, ALL) for base in group_bases if base is not None]
        layer = Layer(rules)
        layer.put_on()
        layer.close()

    def _trusted(self, proc: int) -> list[Rule]:
        return [*self._readable, self._packages, (proc, READ_AND_WRITE_FILES)]

    def fork_below_keeper(self, proc: int, needed: list[int]) -> OpenPlaces:
        """In a child of the launcher: become the keeper of a new sandbox, and fork its first process, which returns.

        It ends when that process does, as that does when the host is gone; were it to die with the launcher, nobody would
        be left to end what its sandbox has started.

        Args:
            proc: descriptor of the host's /proc.
            needed: descriptors that the first process needs; all others are closed.
        """
        become_keeper()
        rules = [descriptor for descriptor, _ in (*self._readable, self._packages)]
        kernel.close_all_but([*needed, *rules, self._temporary])
        path = self.places_begin_with + os.urandom(16).hex()
        name = os.path.basename(path)  # noqa: PTH119  # pathlib is not loaded here
        os.mkdir(name, 0o700, dir_fd=self._temporary)
        place = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self._temporary)
        fcntl.flock(place, fcntl.LOCK_EX)
        layer = Layer([*self._trusted(proc), (place, ALL), (self._temporary, REMOVE_DIRECTORY)])
        layer.put_on()
        layer.close()

        def remove_place() -> None:
            removal.empty(place)
            with contextlib.suppress(FileNotFoundError):
                os.rmdir(name, dir_fd=self._temporary)

        pid = kernel.fork_quietly()
        if pid != 0:
            for descriptor in needed:
                os.close(descriptor)
            keep(pid, remove_place)
        places = OpenPlaces(path, readable=self._readable, trees=self._trees, proc=proc)
        kernel.close_all_but([*needed, *places.descriptors])
        return places
