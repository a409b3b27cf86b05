"""Second life of the launcher: a warm interpreter without rights, inside the sandbox's root, that forks sandboxes.

Each request on the control socket is a Runtime, and carries one descriptor, the new sandbox's end of a connection. The
answer is the connection itself: it speaks when the sandbox works, and closes when it does not.
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
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from codezest_sandbox import kernel, zygote
from codezest_sandbox.cgroup import MemoryGroup, MemoryGroups
from codezest_sandbox.confine import apply_common_limits
from codezest_sandbox.copies import Originals, ask_for_resident
from codezest_sandbox.open_site import OpenSite
from codezest_sandbox.programs import OPEN_KINDS, PROGRAMS, NodeProgram, Program, PythonProgram
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.seccomp import assemble, filter_for_program, filter_for_sandbox
from codezest_sandbox.selftest import check_isolation
from codezest_sandbox.syscall_policy import POLICIES
from codezest_sandbox.syscalls import architecture
from codezest_sandbox.tiers import IsolationUnavailable

_TIDY_MILLISECONDS = 1000
COPIED_KIND = "node"
"""The kind of program that becomes a copy of a process which is warm for it."""
WARM_KIND = "python"
"""The kind of program that this interpreter itself becomes, and so is warm for."""

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


class Filters(NamedTuple):
    """What binds a whole sandbox, and what binds its programs beside."""

    for_sandbox: kernel.SeccompFilter
    for_program: kernel.SeccompFilter


def _filters(*, owns_files: bool = False) -> dict[str, Filters]:
    """By the name of the policy. `owns_files`: see `filter_for_program`."""
    machine = architecture()
    if machine is None:
        raise IsolationUnavailable(f"there is no list of system calls for {os.uname().machine} yet")
    return {
        name: Filters(
            kernel.SeccompFilter(assemble(filter_for_sandbox(machine, name))),
            kernel.SeccompFilter(assemble(filter_for_program(machine, name, owns_files=owns_files))),
        )
        for name in POLICIES
    }


class Nursery:
    """Forks sandboxes."""

    def __init__(
        self,
        filters: Mapping[str, Filters],
        program: PythonProgram,
        proc: int,
        memory_groups: MemoryGroups | None,
        open_site: OpenSite | None = None,
    ) -> None:
        """Begin.

        Args:
            filters: by the name of the policy.
            program: warm; each sandbox for Python gets its own copy by the fork.
            proc: descriptor of the host's /proc.
            memory_groups: None where the kernel cannot bound memory.
            open_site: where sandboxes are put when there are no namespaces for them.
        """
        self.open_site = open_site
        self._filters = filters
        self._program = program
        self._proc = proc
        self._account = (os.getuid(), os.getgid())
        self._made = 0
        self.memory_groups = memory_groups
        self._originals = Originals(memory_groups)
        self._next_group = memory_groups.enter_new() if memory_groups else None

    def fork(self, connection: int, runtime: Runtime) -> None:
        """Start a sandbox for `runtime` that answers on `connection`.

        A child begins life in the memory group of its parent, so the launcher stands in a fresh one whenever it forks:
        no program runs outside its group, and nobody waits for the kernel to move a process.
        """
        if self.open_site is not None and runtime.kind not in OPEN_KINDS:
            raise OSError(f"programs of the kind {runtime.kind} need namespaces")
        original = self._originals.control(runtime) if runtime.kind == COPIED_KIND else None
        pid = kernel.fork_quietly(kernel.ALL_NAMESPACES if self.open_site is None else 0)
        if pid == 0:
            self._live(connection, runtime, self._next_group, original)
        self._made += 1
        if self.memory_groups is not None and self._next_group is not None:
            self._next_group.close()
            self._next_group = self.memory_groups.enter_new()

    def _live(
        self, connection: int, runtime: Runtime, group: MemoryGroup | None, original: socket.socket | None
    ) -> NoReturn:
        try:
            needed = [connection, self._proc, *([] if group is None else group.descriptors)]
            filters = self._filters[runtime.policy]
            resident: list[socket.socket] = []
            if self.open_site is None:
                kernel.close_all_but([*needed, *([] if original is None else [original.fileno()])])

                def last() -> None:
                    if original is not None:
                        groups = () if group is None else group.entries
                        resident.append(ask_for_resident(original, self._proc, filters.for_sandbox.program, groups))

                zygote.settle(self._proc, self._account, filters.for_sandbox, last)
            else:
                places = self.open_site.fork_below_keeper(self._proc, needed)
                zygote.settle_in_the_open(places, filters.for_sandbox)
                runtime = Runtime.from_message(places.translate(runtime.as_message()))
            program: Program = self._program
            if resident:
                program = NodeProgram(runtime, filters.for_program, resident[0])
            elif runtime.kind != WARM_KIND:
                program = PROGRAMS[runtime.kind](runtime, filters.for_program)
            zygote.main(socket.socket(fileno=connection), self._proc, program, group, self._made)
        except BaseException:  # noqa: BLE001  # nothing of the launcher may run on in the child
            traceback.print_exc()
        finally:
            os._exit(1)


def _working_groups(base: int | None, version: int, cpu_base: int | None) -> MemoryGroups | None:
    """Memory groups, if the kernel is seen to count and to take limits when a process enters one."""
    if base is None:
        return None
    groups = MemoryGroups(base, version, cpu_base)
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
        message, descriptors, _, _ = socket.recv_fds(control, zygote.LARGEST_MESSAGE, 1)
        if not message:
            return
        runtime = Runtime.from_message(json.loads(message))
        for descriptor in descriptors:
            try:
                nursery.fork(descriptor, runtime)
            except OSError as error:
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
                    connection.send(json.dumps({"died": str(error)}).encode())
            os.close(descriptor)


def _prepare(inherited: dict[str, Any]) -> Nursery:
    """Everything that is done once."""
    site = OpenSite(**inherited["in_the_open"]) if inherited["in_the_open"] else None
    apply_common_limits()
    kernel.limit_allocator_arenas(1)
    if site is not None:
        site.shut_in(inherited["proc"], [inherited["memory_base"], inherited["cpu_base"]])
    groups = _working_groups(inherited["memory_base"], inherited["memory_version"], inherited["cpu_base"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps sandboxes by itself
    _warm_up()
    filters = _filters(owns_files=site is not None and site.owns_files)
    program = PythonProgram(Runtime(), filters[Runtime().policy].for_program)
    program.make_interpreter_look_fresh()
    gc.collect()
    gc.freeze()
    return Nursery(filters, program, inherited["proc"], groups, site)


def main() -> None:
    """Entry of the process. Failures are told over the control socket, where the host waits."""
    inherited = json.loads(sys.argv[1])
    control = socket.socket(fileno=inherited["control"])
    status = 0
    try:
        nursery = _prepare(inherited)
        site = nursery.open_site
        idle_resident_bytes = check_isolation(
            lambda connection: nursery.fork(connection, Runtime()), has_namespaces=site is None
        )
        greeting = {
            "idle_resident_bytes": idle_resident_bytes,
            "memory_bounded": nursery.memory_groups is not None,
            "memory_base": inherited["memory_path"],
            "places": site.places_begin_with if site else None,
            "unreachable": site.unreachable if site else {},
        }
        control.send(json.dumps(greeting).encode())
        serve(control, inherited["parent"], nursery)
    except Exception as error:  # noqa: BLE001  # whatever it is, the host must hear of it
        traceback.print_exc()
        farewell = {"died": f"{type(error).__name__}: {error}", "memory_base": inherited["memory_path"]}
        control.send(json.dumps(farewell).encode())
        status = 1
    os._exit(status)
