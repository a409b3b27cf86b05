"""A JavaScript program, run by a copy of a warm Node for each case, in a process namespace of its own."""

import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

from codezest_sandbox.archive import unpack
from codezest_sandbox.confine import WorkDirectory
from codezest_sandbox.copies import Copy, Residents, WaitingCopy
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.limits import Limits
from codezest_sandbox.places import here
from codezest_sandbox.programs.command import CommandProgram, begin_work, give_artifacts, mount_build, seal_build
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.resident import Resident, Spell
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import Supervisor

_SCRIPTS = (".js", ".mjs", ".cjs")
_OTHER_PROCESSES = 16
"""Of the same account in the sandbox beside the program's own: ours and the resident's threads."""
_LIMITS_FOR_CHECKING = Limits(cpu_seconds=5.0, wall_seconds=10.0, memory_bytes=256 << 20)
_LITTLE_CPU_SECONDS = 0.01
"""Whoever has used more to check the files does not run a case as well, of which all that it uses is counted."""


class NodeProgram:
    """Compiles by commands where there is something to compile, and runs copies of the resident."""

    def __init__(self, runtime: Runtime, seccomp_filter: SeccompFilter, resident: socket.socket) -> None:
        """`resident`: see `copies.ask_for_resident`."""
        self._idle = runtime.idle_resident_bytes
        self._source_maps = bool(runtime.options.get("source_maps"))
        self._compiler = CommandProgram(runtime, seccomp_filter)
        self._residents = Residents(resident, seccomp_filter.program)
        self._work = WorkDirectory()
        self._files: Mapping[str, bytes] = {}
        self._entry = ""
        self._waiting: WaitingCopy | None = None
        self._checked: tuple[WaitingCopy, Copy] | None = None

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        del hurried  # the resident is needed in any case
        supervisor.keep(self._residents.wait_for_resident())
        self._waiting = self._residents.fork_ahead()

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        files = unpack(content(request.files))
        self._files = files if request.in_work else {}
        self._entry = request.entry
        mount_build(request.limits, files)
        if request.steps:  # at whose end all is killed that is not known
            self._discard_waiting(supervisor)
        result = self._compiler.compile_all(request, supervisor)
        if result.ending is Ending.EXIT and not result.code:
            result = self._check(request, files, supervisor)
        if result.ending is Ending.EXIT and not result.code:
            give_artifacts(request.artifacts, request.built)
            seal_build()
        return result

    def _check(self, request: PrepareRequest, files: Mapping[str, bytes], supervisor: Supervisor) -> CaseResult:
        """See whether every script can be compiled. The entry is one even if compiling has only just made it.

        Done by the program that then waits for the first case, unless the files were hard work.
        """
        scripts = [name for name in files if name.endswith(_SCRIPTS) and name != request.entry]
        order = {"directory": BUILD, "check": [request.entry, *scripts]}
        waiting, self._waiting = self._waiting or self._residents.fork_ahead(), None
        self._residents.check(waiting, json.dumps(order).encode(), request.output)
        copy = self._residents.wait_for_copy()
        supervisor.tree.spare_later(copy.keeper)
        watched = Resident(supervisor, copy.program)
        spell = Spell(
            limits=_LIMITS_FOR_CHECKING,
            idle_resident_bytes=self._idle,
            outputs=(request.output,),
            over=waiting.orders.fileno(),
        )
        result = watched.watch(spell)
        if result is None and watched.cpu_seconds() <= _LITTLE_CPU_SECONDS:
            waiting.orders.recv(1)
            watched.release()
            self._checked = waiting, copy
            return CaseResult(ending=Ending.EXIT)
        if result is None:
            watched.end()
            result = CaseResult(ending=Ending.EXIT)
        waiting.close()
        _end_namespace(copy, supervisor, _reap)
        return result

    def _discard_waiting(self, supervisor: Supervisor) -> None:
        if self._waiting is None:
            return
        copy = self._residents.wait_for_copy()
        self._waiting.close()
        self._waiting = None
        os.kill(copy.program, signal.SIGKILL)
        _reap(copy.program)
        _end_namespace(copy, supervisor, _reap)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        begin_work(self._work, request, self._files)
        streams = {
            "stdin": request.streams.stdin,
            "stdout": request.streams.stdout,
            "stderr": request.streams.stderr,
            **{name: number for name, number in request.extras.items() if name in {"args", "link"}},
        }
        order = {
            "directory": WORK,
            "entry": f"{WORK if self._files else BUILD}/{self._entry}",
            "has_args": "args" in request.extras,
            "source_maps": self._source_maps,
        }
        result = self._run(order, streams, request.limits, supervisor)
        self._work.leave()
        return result

    def _run(
        self, order: Mapping[str, object], streams: Mapping[str, int], limits: Limits, supervisor: Supervisor
    ) -> CaseResult:
        copy: list[Copy] = []

        def start(report: int) -> int:
            text, given = json.dumps(order).encode(), {**streams, "report": report}
            checked, self._checked = self._checked, None
            if checked is None:
                made = self._residents.run(text, given, _bounds(limits))
            else:
                waiting, made = checked
                self._residents.go_on(waiting, text, given, _bounds(limits))
            supervisor.tree.spare_later(made.keeper)
            copy.append(made)
            return made.program

        def finish(wait_for: Callable[[int], int]) -> None:
            (made,) = copy
            _end_namespace(made, supervisor, wait_for)

        outputs = (streams["stdout"], streams["stderr"])
        return supervisor.run_started(start, limits, self._idle, outputs=outputs, finish=finish)


def _end_namespace(copy: Copy, supervisor: Supervisor, wait_for: Callable[[int], int]) -> None:
    """The kernel kills all that the namespace holds before its first process, the keeper, is gone.

    Args:
        copy: whose program has ended.
        supervisor: that spares the keeper.
        wait_for: reaps a child.
    """
    with suppress(ProcessLookupError):
        os.kill(copy.keeper, signal.SIGKILL)
    with suppress(ChildProcessError):
        wait_for(copy.keeper)
    supervisor.tree.spare_no_more(copy.keeper)


def _reap(pid: int) -> int:
    return os.waitpid(pid, 0)[1]


def _bounds(limits: Limits) -> list[tuple[int, int]]:
    """As `confine.apply_limits`, but for the address space, of which Node reserves far more than it uses."""
    return [
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),
        (resource.RLIMIT_FSIZE, limits.largest_write),
        (resource.RLIMIT_NPROC, here().bound_processes(limits) + _OTHER_PROCESSES),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ]
