"""Java: class files that the host has had compiled, or sources that commands compile here.

A program that keeps nothing from one run to the next, as far as its class files can tell (`java/PlainProgram.java`), has
its cases run by one machine, started while the compiler is still at work. Every other has a machine for each case.

    Runtime.options  java       path of the command
                     classes    path of our own compiled classes, a jar
                     archive    path of a shared archive of loaded classes for these, which may not be there
                     memory_bytes  of cases, as far as known: a machine's largest heap is fixed when it starts
                     service    instead of a submission's program: main class in `classes`, and its arguments
    Build.entry      the class with the main method
    Build.run        (SHARED,) or ()
"""

import json
import os
from dataclasses import replace
from typing import NoReturn

from codezest_sandbox.confine import WorkDirectory, apply_limits, give_up_rights, use_streams
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.limits import MEBIBYTE, Limits
from codezest_sandbox.programs.command import CommandProgram, begin_work
from codezest_sandbox.programs.java_machine import FLAGS, SharedMachine, heap_flag, is_file, room_for_machine
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import FAILED, PREPARED, Supervisor

SHARED = "shared"
IDLE_RESIDENT_BYTES = 44 * MEBIBYTE
"""Of a machine that has printed one line."""
_CANNOT_EXECUTE = 127


class JavaProgram:
    """Cases in a shared machine, or one machine a case."""

    def __init__(self, runtime: Runtime, seccomp_filter: SeccompFilter) -> None:
        self._filter = seccomp_filter
        self._environment = {**os.environ, **runtime.environment}
        self._commands = CommandProgram(runtime, seccomp_filter)
        self._work = WorkDirectory()
        self._java: str = runtime.options["java"]
        self._service: list[str] = runtime.options.get("service", [])
        self._classes: str = runtime.options["classes"]
        self._machine = SharedMachine(runtime.options, self._environment, seccomp_filter)
        self._processors = os.sched_getaffinity(0)
        self._entry = ""
        self._is_shared = False

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        """Starts the machine, and does not wait for it: the host is about to have the program compiled."""
        del hurried
        if not self._service:
            self._work.renew(Limits())
            self._machine.start(supervisor)

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        self._entry = request.entry
        self._is_shared = SHARED in request.run
        if not self._is_shared:
            self._machine.end()
        return self._commands.prepare(request, supervisor)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        sharable = is_file(request.streams.stdin) and is_file(request.streams.stdout)
        if self._is_shared and sharable and not request.extras.keys() & {"files", "link"}:
            return self._machine.run_case(self._entry, request, supervisor)
        return self._run_alone(request, supervisor)

    def _run_alone(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        """As `java Main` does, and nothing else."""
        _, floor = supervisor.tree.own_memory()
        begin_work(self._work, request, {})
        limits = room_for_machine(request.limits)
        outputs = [output for output in (request.streams.stdout, request.streams.stderr) if is_file(output)]

        def child(report: int) -> NoReturn:
            self._execute(request, limits, report)

        result = supervisor.run(child, limits, IDLE_RESIDENT_BYTES, floor_bytes=floor, outputs=tuple(outputs))
        self._work.leave()
        return reported(result, request.limits)

    def _execute(self, request: CaseRequest, limits: Limits, report: int) -> NoReturn:
        try:
            os.sched_setaffinity(0, self._processors)  # its threads would stay where the first one began
            arguments: list[str] = []
            if "args" in request.extras:
                arguments = json.loads(content(request.extras["args"]))
            os.chdir(WORK)
            report = use_streams(request.streams, report, request.extras.get("link"))
            apply_limits(limits, None)
            give_up_rights(self._filter)
            heap = heap_flag(request.limits.memory_bytes)
            what = ["-cp", self._classes, *self._service] if self._service else ["-cp", BUILD, self._entry]
            os.write(report, PREPARED)
            command = [self._java, *FLAGS, heap, *what, *arguments]
            os.execve(self._java, command, self._environment)  # noqa: S606  # no shell is wanted
        except BaseException as error:  # noqa: BLE001  # whatever failed, the program has not begun
            os.write(report, FAILED + f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(_CANNOT_EXECUTE)


def reported(result: CaseResult, limits: Limits) -> CaseResult:
    """What a machine needs beyond its heap was allowed for, and is not held against the program."""
    if result.ending is Ending.MEMORY:
        return result
    return replace(result, memory_bytes=min(result.memory_bytes, limits.memory_bytes))
