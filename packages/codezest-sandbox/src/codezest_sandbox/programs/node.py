"""A JavaScript program, run by a copy of a warm Node for each case, in a process namespace of its own."""

import json
import os
import resource
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

from codezest_sandbox.archive import unpack
from codezest_sandbox.confine import WorkDirectory
from codezest_sandbox.copies import Copy, Residents
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.kernel import SeccompFilter, empty_file
from codezest_sandbox.limits import Limits
from codezest_sandbox.places import here
from codezest_sandbox.programs.command import CommandProgram, begin_work, give_artifacts, mount_build, seal_build
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import Supervisor

_SCRIPTS = (".js", ".mjs", ".cjs")
_OTHER_PROCESSES = 16
"""Of the same account in the sandbox beside the program's own: ours and the resident's threads."""
_LIMITS_FOR_CHECKING = Limits(cpu_seconds=5.0, wall_seconds=10.0, memory_bytes=256 << 20)


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

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        del hurried  # the resident is needed in any case
        supervisor.adopt(self._residents.wait_for_resident())

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        files = unpack(content(request.files))
        self._files = files if request.in_work else {}
        self._entry = request.entry
        mount_build(request.limits, files)
        result = self._compiler.compile_all(request, supervisor)
        if result.ending is Ending.EXIT and not result.code:
            result = self._check(request, files, supervisor)
        if result.ending is Ending.EXIT and not result.code:
            give_artifacts(request.artifacts, request.built)
            seal_build()
        return result

    def _check(self, request: PrepareRequest, files: Mapping[str, bytes], supervisor: Supervisor) -> CaseResult:
        """See whether every script can be compiled. The entry is one even if compiling has only just made it."""
        scripts = [name for name in files if name.endswith(_SCRIPTS) and name != request.entry]
        order = {"directory": BUILD, "check": [request.entry, *scripts]}
        empty = empty_file()
        streams = {"stdin": empty, "stdout": request.output, "stderr": request.output}
        self._work.renew(request.limits)
        try:
            return self._run(order, streams, _LIMITS_FOR_CHECKING, supervisor)
        finally:
            self._work.leave()
            os.close(empty)

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
            made = self._residents.run(json.dumps(order).encode(), {**streams, "report": report}, _bounds(limits))
            supervisor.tree.spare_later(made.keeper)
            copy.append(made)
            return made.program

        def finish(wait_for: Callable[[int], int]) -> None:
            """The kernel kills all that the namespace holds before its first process is gone."""
            (made,) = copy
            with suppress(ProcessLookupError):
                os.kill(made.keeper, 9)
            with suppress(ChildProcessError):
                wait_for(made.keeper)
            supervisor.tree.spare_no_more(made.keeper)

        outputs = (streams["stdout"], streams["stderr"])
        return supervisor.run_started(start, limits, self._idle, outputs=outputs, finish=finish)


def _bounds(limits: Limits) -> list[tuple[int, int]]:
    """As `confine.apply_limits`, but for the address space, of which Node reserves far more than it uses."""
    return [
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),
        (resource.RLIMIT_FSIZE, limits.largest_write),
        (resource.RLIMIT_NPROC, here().bound_processes(limits) + _OTHER_PROCESSES),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ]
