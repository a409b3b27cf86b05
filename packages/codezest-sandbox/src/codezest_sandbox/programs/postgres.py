"""SQL: each test in a database of its own, which a single-user PostgreSQL makes of a copy of a prepared one.

Server and learner are one process without sockets, bounded like any program. The learner's role may do what the owner of
a database may; were it to become more, it would be master of a copy that ends with the test.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.archive import unpack
from codezest_sandbox.confine import Streams, WorkDirectory, apply_limits, give_up_rights, use_streams
from codezest_sandbox.inside import WORK
from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.limits import MEBIBYTE, Limits
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.programs.sql_run import Server, check_syntax, run_exercise
from codezest_sandbox.result import CaseResult
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import PREPARED, Supervisor, rehearse

_DATA = f"{WORK}/data"
_LOG_SEGMENTS = 4
"""What a test may write goes to tables, to the log of changes, and to temporary files; each may reach its limit."""
_SMALLEST_FILE = 2 * MEBIBYTE
_OPEN_FILES = 256
_PROCESSES = 2
"""The one that speaks for the learner, and PostgreSQL: nothing is left for COPY … PROGRAM."""
_INODES = 2048
_OUT_OF_SIGHT = 0o700


class PostgresProgram:
    """Options: `executable`, the program `postgres`; `template`, a directory with a data directory to copy."""

    def __init__(self, runtime: Runtime, seccomp_filter: SeccompFilter) -> None:
        self._filter = seccomp_filter
        self._executable: str = runtime.options["executable"]
        self._template: str = runtime.options["template"]
        self._environment = {**os.environ, **runtime.environment}
        self._work = WorkDirectory()
        self._script = b""
        self._size = 0

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        self._size = _size_of(self._template)
        if not hurried:
            rehearse(supervisor)

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        self._script = unpack(content(request.files))[request.entry]
        streams = Streams(kernel.empty_file(), request.output, request.output)
        try:
            return self._run(request.limits, streams, supervisor, lambda server: check_syntax(server, self._text()))
        finally:
            os.close(streams.stdin)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        def run(server: Server) -> int:
            return run_exercise(
                server,
                setup=content(0).decode(errors="replace"),
                script=self._text(),
                check=given[0] if given else None,
            )

        given: list[str] = []

        def read_arguments() -> None:
            if "args" in request.extras:
                given.extend(json.loads(content(request.extras["args"])))

        return self._run(request.limits, request.streams, supervisor, run, first=read_arguments)

    def _text(self) -> str:
        return self._script.decode(errors="replace")

    def _run(
        self,
        limits: Limits,
        streams: Streams,
        supervisor: Supervisor,
        work: Callable[[Server], int],
        *,
        first: Callable[[], None] = lambda: None,
    ) -> CaseResult:
        """In a copy of the template, of which nothing can be executed, in a child.

        Args:
            limits: the learner's.
            streams: of the child.
            supervisor: whose child it is.
            work: what the child does, to its exit status.
            first: what the child does before, while it still has all descriptors.
        """
        room = _room_for_server(limits, self._size)
        self._work.renew(room, _INODES)
        _copy(self._template, _DATA)
        flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_NOEXEC | kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount(None, WORK, None, flags)

        def child(report: int) -> NoReturn:
            status = 1
            try:
                first()
                os.chdir(WORK)
                reported = use_streams(streams, report)
                apply_limits(room, None)
                give_up_rights(self._filter)
                os.write(reported, PREPARED)
                os.close(reported)
                server = Server(
                    executable=self._executable,
                    data=_DATA,
                    environment=self._environment,
                    longest_output=limits.output_bytes,
                )
                status = work(server)
            finally:
                os._exit(status)

        result = supervisor.run(child, room, supervisor.tree.own_memory()[1])
        self._work.leave()
        return result


def _room_for_server(limits: Limits, template_bytes: int) -> Limits:
    """The learner's limits, but for what PostgreSQL needs to exist at all."""
    return replace(
        limits,
        processes=_PROCESSES,
        open_files=max(limits.open_files, _OPEN_FILES),
        file_bytes=template_bytes + _LOG_SEGMENTS * max(limits.file_bytes, _SMALLEST_FILE),
    )


def _size_of(directory: str) -> int:
    return sum(
        (entry.stat().st_size + 4095) // 4096 * 4096 if entry.is_file() else _size_of(entry.path)
        for entry in os.scandir(directory)
    )


def _copy(source: str, target: str) -> None:
    """All plain files below, and the directories. By name alone: nothing here is anybody's secret."""
    os.mkdir(target, _OUT_OF_SIGHT)  # noqa: PTH102  # pathlib is not loaded here
    with os.scandir(source) as entries:
        for entry in entries:
            path = f"{target}/{entry.name}"
            if entry.is_dir():
                _copy(entry.path, path)
                continue
            reader = os.open(entry.path, os.O_RDONLY)
            writer = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            done = 0
            while sent := os.sendfile(writer, reader, done, MEBIBYTE):
                done += sent
            os.close(reader)
            os.close(writer)
