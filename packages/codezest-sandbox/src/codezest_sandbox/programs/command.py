"""A program that is compiled and run by commands: a fresh process for each case, executed from a child of this one."""

import json
import os
from collections.abc import Mapping
from typing import NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.archive import pack, unpack
from codezest_sandbox.confine import (
    Streams,
    WorkDirectory,
    apply_limits,
    give_up_rights,
    put_file,
    use_streams,
)
from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.limits import Limits
from codezest_sandbox.places import here
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import FAILED, PREPARED, Supervisor, rehearse

_SPARE_PAGES = 256
_FILES = 4096
_BLOCK = 1 << 20
_CANNOT_EXECUTE = 127


class CommandProgram:
    """For every language whose toolchain is a set of commands."""

    def __init__(self, runtime: Runtime, seccomp_filter: SeccompFilter) -> None:
        self._runtime = runtime
        self._filter = seccomp_filter
        self._work = WorkDirectory()
        self._files: Mapping[str, bytes] = {}
        self._run: tuple[str, ...] = ()
        self._environment = {**os.environ, **runtime.environment}

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        if not hurried:
            rehearse(supervisor)

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        files = unpack(content(request.files))
        self._run = request.run
        self._files = files if request.in_work else {}
        mount_build(request.limits, files)
        result = self.compile_all(request, supervisor)
        if result.ending is Ending.EXIT and not result.code:
            give_artifacts(request.artifacts, request.built)
            seal_build()
        return result

    def compile_all(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        """Run the steps, up to the first that fails. What there is to compile stands in the build directory."""
        result = CaseResult(ending=Ending.EXIT)
        for step in request.steps:
            self._work.renew(request.limits)
            result = self._compile(step, request, supervisor)
            self._work.leave()
            if result.ending is not Ending.EXIT or result.code:
                break
        return result

    def _compile(self, step: tuple[str, ...], request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        address_space, resident = supervisor.tree.own_memory()
        streams = Streams(kernel.empty_file(), request.output, request.output)

        def child(report: int) -> NoReturn:
            self._execute(step, streams, request.limits, address_space, report, here().build)

        try:
            return supervisor.run(child, request.limits, 0, floor_bytes=resident)
        finally:
            os.close(streams.stdin)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        address_space, resident = supervisor.tree.own_memory()
        begin_work(self._work, request, self._files)

        def child(report: int) -> NoReturn:
            arguments: list[str] = []
            if "args" in request.extras:
                arguments = json.loads(content(request.extras["args"]))
            link = request.extras.get("link")
            self._execute(
                (*self._run, *arguments), request.streams, request.limits, address_space, report, here().work, link
            )

        result = supervisor.run(
            child,
            request.limits,
            request.idle_resident_bytes,
            floor_bytes=resident,
            outputs=(request.streams.stdout, request.streams.stderr),  # Go ignores the signal that a flood raises
        )
        self._work.leave()
        return result

    def _execute(  # noqa: PLR0917  # one place where a child becomes a command
        self,
        command: tuple[str, ...],
        streams: Streams,
        limits: Limits,
        address_space: int,
        report: int,
        directory: str,
        link: int | None = None,
    ) -> NoReturn:
        try:
            os.chdir(directory)
            report = use_streams(streams, report, link)
            apply_limits(limits, address_space if self._runtime.bounded_address_space else None)
            give_up_rights(self._filter)
            os.write(report, PREPARED)
            os.execve(command[0], command, self._environment)  # noqa: S606  # no shell is wanted
        except BaseException as error:  # noqa: BLE001  # whatever failed, the program has not begun
            os.write(report, FAILED + f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(_CANNOT_EXECUTE)


def mount_build(limits: Limits, files: Mapping[str, bytes]) -> None:
    """An empty build directory, and the submission's files in it. Writable until it is sealed."""
    size = limits.file_bytes + sum(map(len, files.values())) + 4096 * (len(files) + _SPARE_PAGES)
    here().make_build(size, _FILES + len(files))
    for name, text in files.items():
        put_file(name, text, directory=here().build, mode=0o755)


def seal_build() -> None:
    """Nothing in it changes any more."""
    here().seal_build()


def give_artifacts(names: tuple[str, ...], descriptor: int) -> None:
    """Write the archive of what compiling made, leaving out what is no plain file."""
    found: dict[str, bytes] = {}
    for name in names:
        try:
            opened = os.open(f"{here().build}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        with open(opened, "rb") as file:  # noqa: PTH123  # a descriptor has no path
            found[name] = file.read()
    if found:
        archive = memoryview(pack(found))
        while archive:
            archive = archive[os.write(descriptor, archive[:_BLOCK]) :]


def begin_work(work: WorkDirectory, request: CaseRequest, files: Mapping[str, bytes]) -> None:
    """The directory where a case starts: empty but for the test's files and those of the submission that belong there."""
    count, size = request.room
    work.renew(request.limits, count + len(files), size + sum(map(len, files.values())))
    if "files" in request.extras:
        put_files_by_a_child(request.extras["files"])
    for name, text in files.items():
        put_file(name, text)


def put_files_by_a_child(files: int) -> None:
    """Write the files of a test. What is read here would stay in the freed memory that programs of later tests inherit."""
    pid = kernel.fork_quietly()
    if pid == 0:
        status = 1
        try:
            for name, text in json.loads(content(files)).items():
                put_file(name, text.encode())
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise OSError("the files of the test could not be written")
