"""One SQL exercise, from a confined child: set up, the learner's script, a query that checks; the last result set as CSV."""

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from codezest_sandbox.programs.sql_script import Statement, split
from codezest_sandbox.programs.sql_session import BackendEnded, Session, SqlError, Value
from codezest_sandbox.sql_names import CHECK_FAILED, DATABASE, FAILED, NOT_STARTED, ROLE, SETUP_FAILED

_DIVISION_BY_ZERO = "22012"
_LONGEST_NOTE = 2000
"""Characters. A deep recursion has a context of thousands of lines."""
_NEVER_RUN = "SELECT 1/0;"
"""PostgreSQL parses all that it is sent before it runs the first of it."""

_SETTINGS = {
    "allow_alter_system": "off",
    "autovacuum": "off",
    "datestyle": "ISO, YMD",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "full_page_writes": "off",
    "huge_pages": "off",
    "io_method": "sync",
    "jit": "off",
    "log_checkpoints": "off",
    "log_error_verbosity": "default",
    "log_line_prefix": "%e ",
    "log_min_messages": "notice",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "max_connections": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_wal_senders": "0",
    "max_worker_processes": "0",
    "shared_buffers": "4MB",
    "shared_memory_type": "mmap",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "wal_level": "minimal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How to run one."""

    executable: str
    """The program `postgres`."""
    data: str
    """Its data directory, which nobody else uses and which is of no use afterwards."""
    environment: Mapping[str, str]
    longest_output: int
    """Bytes of a result set."""


def command(executable: str, data: str) -> list[str]:
    options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return [executable, "--single", "-j", "-D", data, *options, DATABASE]


class CsvOutput:
    """Writes result sets on a descriptor, each in place of the one before: a line of names, then a line for each row.

    As in CSV, what holds a comma, a quote or a line break is quoted. NULL is NULL; the text NULL is quoted.
    """

    def __init__(self, descriptor: int, longest: int) -> None:
        """`longest`: bytes, beyond which this process ends by SIGXFSZ, as if it had written to a file too long."""
        self._descriptor = descriptor
        self._longest = longest
        self._pending: list[bytes] = []
        self._size = 0
        self._written = 0

    def clear(self) -> None:
        self._pending, self._size, self._written = [], 0, 0
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)

    def begin(self, names: Sequence[bytes]) -> None:
        self.clear()
        self.row(names)

    def row(self, values: Sequence[Value]) -> None:
        line = b",".join(_cell(value) for value in values) + b"\n"
        self._pending.append(line)
        self._size += len(line)
        if self._size > 1 << 16:
            self.flush()

    def flush(self) -> None:
        view = memoryview(b"".join(self._pending))
        self._pending, self._size = [], 0
        self._written += len(view)
        while view:
            view = view[os.write(self._descriptor, view) :]
        if self._written > self._longest:
            os.kill(os.getpid(), signal.SIGXFSZ)


def _cell(value: Value) -> bytes:
    if value is None:
        return b"NULL"
    if value == b"NULL" or any(mark in value for mark in (b",", b'"', b"\n", b"\r")):
        return b'"' + value.replace(b'"', b'""') + b'"'
    return value


def _say(text: str) -> None:
    view = memoryview(text.encode(errors="replace") + b"\n")
    while view:
        view = view[os.write(2, view) :]


def _explain(error: SqlError, script: str, statement: Statement, *, whose: str) -> None:
    """On standard error, as the class for the language reads it."""
    line = statement.line_of(script, error.position or 0)
    _say(f"{whose}: line {line}: ERROR {error.state}: {error.message}")
    for name in ("DETAIL", "HINT", "CONTEXT"):
        if name in error.notes:
            _say(f"{name}: {error.notes[name][:_LONGEST_NOTE]}")


class _Stopped(Exception):
    """A statement failed, and why has been said."""


class Exercise:
    """A session in which scripts are run up to their first error."""

    def __init__(self, server: Server) -> None:
        """Begin. What the scripts select goes to standard output."""
        self._output = CsvOutput(1, server.longest_output)
        self._session = Session(
            command(server.executable, server.data),
            server.environment,
            on_columns=self._output.begin,
            on_row=self._output.row,
            on_remark=_say,
        )
        self.settle()

    @classmethod
    def begin(cls, server: Server) -> Self | None:
        """None when the server does not start: its reasons are on standard error."""
        try:
            return cls(server)
        except BackendEnded as ended:
            _say(f"The database does not start.\n{ended}")
            return None

    def run(self, script: str, *, whose: str, before: str = "") -> None:
        """Run every statement. Results of earlier scripts are forgotten.

        Raises:
            _Stopped: one failed.
        """
        self._output.clear()
        for statement in split(script):
            try:
                error = _refusal(statement) or self._session.execute(statement, before=before)
            except BackendEnded:
                error = self._session.last_words() or SqlError("XX000", "the database ended in this statement")
            if error is not None and not (before and error.state == _DIVISION_BY_ZERO):
                self._output.flush()
                _explain(error, script, statement, whose=whose)
                raise _Stopped

    def settle(self) -> None:
        """Undo what a script may have done to the session."""
        for settled in ("RESET SESSION AUTHORIZATION", f"SET SESSION AUTHORIZATION {ROLE}", "RESET ALL"):
            with suppress(BackendEnded):
                self._session.execute(Statement(settled, 0))

    def finish(self) -> None:
        self._output.flush()
        self._session.close()


def check_syntax(server: Server, script: str) -> int:
    """Let PostgreSQL parse each statement and run none. Returns an exit status."""
    if "\0" in script:
        _say("The script holds a NUL character.")
        return FAILED
    if not split(script):
        _say("The script holds no statement.")
        return FAILED
    exercise = Exercise.begin(server)
    if exercise is None:
        return NOT_STARTED
    try:
        exercise.run(script, whose="script", before=_NEVER_RUN)
    except _Stopped:
        return FAILED
    finally:
        exercise.finish()
    return 0


def run_exercise(server: Server, *, setup: str, script: str, check: str | None) -> int:
    """Run a test. Standard output is the last result set of the check, or of the script. Returns an exit status."""
    parts = [("set-up", setup, SETUP_FAILED), ("script", script, FAILED)]
    if check is not None:
        parts.append(("check", check, CHECK_FAILED))
    exercise = Exercise.begin(server)
    if exercise is None:
        return NOT_STARTED
    try:
        for whose, text, status in parts:
            try:
                exercise.settle()
                exercise.run(text, whose=whose)
            except _Stopped:
                return status
    finally:
        exercise.finish()
    return 0


def _refusal(statement: Statement) -> SqlError | None:
    """There is no client that could send or take the lines of a COPY."""
    words = statement.text.lower().split()
    if words[0] == "copy" and any(word.strip("(;") in {"stdin", "stdout"} for word in words):
        return SqlError("0A000", "COPY from or to the client is not available here; use INSERT and SELECT")
    return None
