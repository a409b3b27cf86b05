"""Asking a warm Node for copies of itself: the other side of `node/forker.c`, whose comments say how it is done.

The launcher starts one original for each runtime and never lets it meet a learner's code. A new sandbox has it put a copy,
the resident, into its namespaces; the resident is asked for a program for each case. Messages are binary:

    header, seccomp filter, text                  with descriptors  →  error, ids of program and keeper

A program that is forked ahead has a connection of its own, on which such messages reach it: what to check, which it answers
by `+`, and what to run.
"""

import os
import select
import signal
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.cgroup import MemoryGroups
from codezest_sandbox.runtime import Runtime

_FOUND, _RUN, _RUN_LINKED, _WAIT = 1, 2, 3, 4
_WAIT_ORDER = b'{"wait": true}'
_MOST_LIMITS = 8
_NAMESPACES = ("user", "mnt", "pid", "ipc", "net", "uts", "cgroup")
_HEADER = struct.Struct(f"IIII{2 * _MOST_LIMITS}Q")
_ANSWER = struct.Struct("iii")
_CONNECTION = 3
_ANSWER_SECONDS = 10.0


def _message(kind: int, filter_program: bytes, text: bytes = b"", limits: Sequence[tuple[int, int]] = ()) -> bytes:
    flat = [number for pair in limits for number in pair]
    flat += [0] * (2 * _MOST_LIMITS - len(flat))
    return _HEADER.pack(kind, len(filter_program), len(text), len(limits), *flat) + filter_program + text


@dataclass(slots=True)
class _Original:
    control: socket.socket
    handle: int
    """A pidfd."""

    @property
    def alive(self) -> bool:
        return not select.select([self.handle], [], [], 0)[0]

    def close(self) -> None:
        self.control.close()
        os.close(self.handle)


class Originals:
    """Warm processes that make copies of themselves. Belongs to the launcher."""

    def __init__(self, memory_groups: MemoryGroups | None) -> None:
        """`memory_groups`: where each gets a group of its own, so that no sandbox is charged for it."""
        self._memory_groups = memory_groups
        self._running: dict[str, _Original] = {}

    def control(self, runtime: Runtime) -> socket.socket:
        """To a living original for the runtime, which may still be starting: requests wait in the socket."""
        warm = [runtime.options[name] for name in ("original", "original_environment")]
        name = repr(warm) + repr(sorted(runtime.environment.items()))
        found = self._running.get(name)
        if found is not None and not found.alive:
            found.close()
            found = None
        if found is None:
            found = self._running[name] = self._start(runtime)
        return found.control

    def _start(self, runtime: Runtime) -> _Original:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        group = self._memory_groups.make() if self._memory_groups is not None else None
        pid = kernel.fork_quietly()
        if pid == 0:
            try:
                self._become(theirs.fileno(), runtime)
            finally:
                os._exit(1)
        theirs.close()
        if group is not None:
            group.admit(pid)  # at once, and not by the child: a group without members is taken away
            group.close()
        return _Original(ours, os.pidfd_open(pid))

    @staticmethod
    def _become(connection: int, runtime: Runtime) -> NoReturn:
        kernel.die_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        empty = kernel.empty_file()
        for number in (0, 1):
            os.dup2(empty, number)
        os.dup2(connection, _CONNECTION)
        kernel.close_from(_CONNECTION + 1)
        command: list[str] = list(runtime.options["original"])
        environment = {**os.environ, **runtime.environment, **runtime.options["original_environment"]}
        os.execve(command[0], command, environment)  # noqa: S606  # no shell is wanted


def ask_for_resident(control: socket.socket, proc: int, filter_program: bytes, groups: Sequence[int]) -> socket.socket:
    """In a sandbox's first process, before its filter binds it: have a resident put into this sandbox.

    Returns the connection on which the resident answers, once it is there.

    Args:
        control: see `Originals.control`.
        proc: descriptor of the host's /proc.
        filter_program: what is to bind the resident.
        groups: descriptors of files that move who writes `0` to them into a group: the resident is born there.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    descriptors = [theirs.fileno()]
    descriptors += [os.open(f"self/ns/{name}", os.O_RDONLY, dir_fd=proc) for name in _NAMESPACES]
    try:
        socket.send_fds(control, [_message(_FOUND, filter_program)], [*descriptors, *groups])
    except ConnectionError:
        end_quietly()
    theirs.close()
    for descriptor in descriptors[1:]:
        os.close(descriptor)
    control.close()
    ours.settimeout(_ANSWER_SECONDS)
    return ours


def end_quietly() -> NoReturn:
    """The warm process has ended, most often because everything does. Who waits for this sandbox sees that it is gone."""
    os._exit(1)


@dataclass(frozen=True, slots=True)
class Copy:
    """A program and the first process of its namespace. With the keeper, everything in the namespace ends."""

    program: int
    keeper: int


@dataclass(frozen=True, slots=True)
class WaitingCopy:
    """A program that sees whether files can be compiled before it is told what to run."""

    orders: socket.socket
    """Readable when the files can be compiled. Those that cannot end the program, with another exit status than 0."""
    far_end: socket.socket
    """The program's: kept open here too, so that its end alone makes nothing readable."""

    def close(self) -> None:
        self.orders.close()
        self.far_end.close()


class Residents:
    """The resident of this sandbox. Belongs to the sandbox's first process."""

    def __init__(self, connection: socket.socket, filter_program: bytes) -> None:
        """`filter_program`: what is to bind programs."""
        self._connection = connection
        self._filter = filter_program

    def wait_for_resident(self) -> int:
        """Its id. Raises OSError when it could not be made."""
        try:
            return self._answer().program
        except ConnectionError:
            end_quietly()

    def run(
        self,
        text: bytes,
        descriptors: Mapping[str, int],
        limits: Sequence[tuple[int, int]],
    ) -> Copy:
        """Have a program forked, which becomes what `text` says.

        Args:
            text: the order that `zygote.js` reads.
            descriptors: stdin, stdout, stderr, report; link and args where there are any.
            limits: resource limits, hard as soft.
        """
        self._order(self._connection, text, descriptors, limits)
        return self._answer()

    def fork_ahead(self) -> WaitingCopy:
        """Have a program forked that waits. Whoever calls this has to ask for it, by `wait_for_copy`, before anything else."""
        orders, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        empty = kernel.empty_file()
        try:
            given = [empty, empty, empty, empty, far_end.fileno()]
            socket.send_fds(self._connection, [_message(_WAIT, self._filter, _WAIT_ORDER)], given)
        finally:
            os.close(empty)
        return WaitingCopy(orders, far_end)

    def wait_for_copy(self) -> Copy:
        """The one that has been asked for last."""
        return self._answer()

    def check(self, waiting: WaitingCopy, text: bytes, output: int) -> None:
        """Have it see whether files can be compiled.

        Args:
            waiting: which has had no orders yet.
            text: the order, which `zygote.js` reads.
            output: where it says what is wrong.
        """
        empty = kernel.empty_file()
        try:
            given = [empty, output, output, output, waiting.far_end.fileno()]
            socket.send_fds(waiting.orders, [_message(_WAIT, self._filter, text)], given)
        finally:
            os.close(empty)

    def go_on(
        self, waiting: WaitingCopy, text: bytes, descriptors: Mapping[str, int], limits: Sequence[tuple[int, int]]
    ) -> None:
        """As `run`, by a program that has checked the files."""
        self._order(waiting.orders, text, descriptors, limits)
        waiting.close()

    def _order(
        self,
        connection: socket.socket,
        text: bytes,
        descriptors: Mapping[str, int],
        limits: Sequence[tuple[int, int]],
    ) -> None:
        link = descriptors.get("link")
        given = [descriptors[name] for name in ("stdin", "stdout", "stderr", "report")]
        given += [given[-1] if link is None else link]
        if "args" in descriptors:
            given.append(descriptors["args"])
        kind = _RUN if link is None else _RUN_LINKED
        socket.send_fds(connection, [_message(kind, self._filter, text, limits)], given)

    def _answer(self) -> Copy:
        answer = self._connection.recv(_ANSWER.size)
        if len(answer) != _ANSWER.size:
            raise ConnectionResetError("the warm process has ended")
        error, program, keeper = _ANSWER.unpack(answer)
        if error:
            raise OSError(error, f"the warm process could not be copied: {os.strerror(error)}")
        return Copy(program, keeper)
