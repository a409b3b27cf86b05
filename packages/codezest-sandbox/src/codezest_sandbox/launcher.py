"""Second life of the launcher: a warm interpreter without rights, inside the sandbox's root, that forks sandboxes.

Each request on the control socket carries one descriptor, the new sandbox's end of a connection. The answer is the
connection itself: it speaks when the sandbox works, and closes when it does not.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import site
import socket
import sys
import traceback
from typing import Any, NoReturn

from codezest_sandbox import kernel, zygote
from codezest_sandbox.cgroup import MemoryGroup, MemoryGroups
from codezest_sandbox.confine import apply_common_limits
from codezest_sandbox.python_program import PythonProgram
from codezest_sandbox.seccomp import assemble, filter_for_program, filter_for_sandbox
from codezest_sandbox.selftest import check_isolation
from codezest_sandbox.syscalls import architecture
from codezest_sandbox.tiers import IsolationUnavailable

_TIDY_MILLISECONDS = 1000

# What beginners' programs import, so that no case pays for it. Each costs all others a little: a fork copies page tables.
_WARM_MODULES = (
    "array",
    "bisect",
    "collections.abc",
    "copy",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "random",
    "re",
    "string",
    "struct",
    "threading",
    "time",
    "traceback",
    "typing",
)


def _warm_up() -> None:
    for name in _WARM_MODULES:
        importlib.import_module(name)
    site.setquit()
    site.sethelper()
    site.setcopyright()
    json.loads("[1.5]")
    compile("pass", "warm", "exec")


def _filters() -> tuple[kernel.SeccompFilter, kernel.SeccompFilter]:
    """For sandboxes, and for programs."""
    machine = architecture()
    if machine is None:
        raise IsolationUnavailable(f"there is no list of system calls for {os.uname().machine} yet")
    large, small = filter_for_sandbox(machine), filter_for_program(machine)
    return kernel.SeccompFilter(assemble(large)), kernel.SeccompFilter(assemble(small))


class Nursery:
    """Forks sandboxes."""

    def __init__(
        self,
        seccomp_filter: kernel.SeccompFilter,
        program: PythonProgram,
        proc: int,
        memory_groups: MemoryGroups | None,
    ) -> None:
        """Begin.

        Args:
            seccomp_filter: for whole sandboxes.
            program: warm; each sandbox gets its own copy by the fork.
            proc: descriptor of the host's /proc.
            memory_groups: None where the kernel cannot bound memory.
        """
        self._seccomp_filter = seccomp_filter
        self._program = program
        self._proc = proc
        self._account = (os.getuid(), os.getgid())
        self.memory_groups = memory_groups
        self._next_group = memory_groups.enter_new() if memory_groups else None

    def fork(self, connection: int) -> None:
        """Start a sandbox that answers on `connection`.

        A child begins life in the memory group of its parent, so the launcher stands in a fresh one whenever it forks:
        no program runs outside its group, and nobody waits for the kernel to move a process.
        """
        pid = kernel.fork_quietly(kernel.ALL_NAMESPACES)
        if pid == 0:
            self._live(connection, self._next_group)
        if self.memory_groups is not None and self._next_group is not None:
            self._next_group.close()
            self._next_group = self.memory_groups.enter_new()

    def _live(self, connection: int, group: MemoryGroup | None) -> NoReturn:
        try:
            kernel.close_all_but([connection, self._proc, *([] if group is None else group.descriptors)])
            zygote.settle(self._proc, self._account, self._seccomp_filter)
            zygote.main(socket.socket(fileno=connection), self._proc, self._program, group)
        except BaseException:  # noqa: BLE001  # nothing of the launcher may run on in the child
            traceback.print_exc()
        finally:
            os._exit(1)


def _working_groups(base: int | None, version: int) -> MemoryGroups | None:
    """Memory groups, if the kernel is seen to count and to take limits when a process enters one."""
    if base is None:
        return None
    groups = MemoryGroups(base, version)
    try:
        group = groups.enter_new()
        _ = bytearray(1 << 20)
        holds = group.holds()
        group.close()
    except OSError:
        return None
    return groups if holds else None


def serve(control: socket.socket, parent: int, nursery: Nursery) -> None:
    """Answer requests until the host closes the control socket or ends. `parent`: descriptor of the host's process."""
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.register(parent, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poller.poll(_TIDY_MILLISECONDS)}
        if nursery.memory_groups is not None:
            nursery.memory_groups.remove_empty()
        if parent in ready:
            return
        if control.fileno() not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 16, 1)
        if not message:
            return
        for descriptor in descriptors:
            try:
                nursery.fork(descriptor)
            except OSError as error:
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
                    connection.send(json.dumps({"died": str(error)}).encode())
            os.close(descriptor)


def _prepare(inherited: dict[str, Any]) -> Nursery:
    """Everything that is done once."""
    apply_common_limits()
    kernel.limit_allocator_arenas(1)
    groups = _working_groups(inherited["memory_base"], inherited["memory_version"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps sandboxes by itself
    _warm_up()
    for_sandboxes, for_programs = _filters()
    program = PythonProgram(for_programs)
    program.make_interpreter_look_fresh()
    gc.collect()
    gc.freeze()
    return Nursery(for_sandboxes, program, inherited["proc"], groups)


def main() -> None:
    """Entry of the process. Failures are told over the control socket, where the host waits."""
    inherited = json.loads(sys.argv[1])
    control = socket.socket(fileno=inherited["control"])
    status = 0
    try:
        nursery = _prepare(inherited)
        idle_resident_bytes = check_isolation(nursery.fork)
        greeting = {
            "idle_resident_bytes": idle_resident_bytes,
            "memory_bounded": nursery.memory_groups is not None,
            "memory_base": inherited["memory_path"],
        }
        control.send(json.dumps(greeting).encode())
        serve(control, inherited["parent"], nursery)
    except Exception as error:  # noqa: BLE001  # whatever it is, the host must hear of it
        traceback.print_exc()
        farewell = {"died": f"{type(error).__name__}: {error}", "memory_base": inherited["memory_path"]}
        control.send(json.dumps(farewell).encode())
        status = 1
    os._exit(status)
