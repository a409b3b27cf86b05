"""A conversation with PostgreSQL's single-user backend: statements in, result sets and errors out.

The backend prints result sets for debugging: a line for each column, a line for each value that is not null, a line
`----` after the columns and after each row, and a prompt when it wants the next statement.
"""

import os
import re
import select
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from codezest_sandbox.programs.sql_script import Statement, for_backend, original_position

_PROMPT = b"backend> "
_ROW_END = b"\t----\n"
_COLUMN = re.compile(rb"\t *\d+: (.*?)(\t\(typeid = \d+, len = -?\d+, typmod = -?\d+, byval = [tf]\)\n)", re.DOTALL)
_CHUNK = 1 << 16
_LONGEST_LOG = 1 << 18

_LOGGED = re.compile(rb"^(?P<state>[0-9A-Z]{5}) (?P<severity>[A-Z]+\d?):  (?P<text>.*(?:\n\t.*)*)", re.MULTILINE)
_AT = re.compile(r" at character (\d+)$")
_FAILURES = {"ERROR", "FATAL", "PANIC"}
_REMARKS = {"WARNING", "NOTICE", "INFO"}

Value = bytes | None
OnRow = Callable[[Sequence[Value]], None]
OnColumns = Callable[[Sequence[bytes]], None]


class BackendEnded(Exception):
    """The backend is gone. Its argument: what it said last."""


@dataclass(slots=True)
class SqlError:
    """What PostgreSQL says about a statement that failed."""

    state: str
    """The SQLSTATE."""
    message: str
    position: int | None = None
    """Index in the statement of the character it complains about."""
    notes: dict[str, str] = field(default_factory=dict[str, str])
    """DETAIL, HINT and CONTEXT."""


@dataclass(frozen=True, slots=True)
class _Column:
    prefix: bytes
    suffix: bytes


class _ResultReader:
    """Takes the backend's output apart as it arrives."""

    def __init__(self, on_columns: OnColumns, on_row: OnRow) -> None:
        self._on_columns, self._on_row = on_columns, on_row
        self._buffer = b""
        self._names: list[bytes] = []
        self._columns: list[_Column] = []
        self._row: list[Value] | None = None
        """None while columns are being told."""
        self._next = 0
        self._searched = 0

    def begin(self) -> None:
        """A statement has been sent."""
        self._names, self._columns, self._row = [], [], None

    def feed(self, data: bytes) -> bool:
        """Returns whether the backend waits for the next statement."""
        self._buffer += data
        position = 0
        while True:
            step = self._step(position)
            if step == position:
                break
            position = step
        self._buffer = self._buffer[position:]
        self._searched = max(0, self._searched - position)
        if self._buffer == _PROMPT:
            self._buffer = b""
            return True
        return False

    def _step(self, position: int) -> int:
        """Take one item. Returns where the next begins: at `position` when the item is not complete."""
        buffer = self._buffer
        if buffer.startswith(_ROW_END, position):
            self._end_of_row()
            return position + len(_ROW_END)
        if buffer.startswith(b"\t", position):
            return self._value(position) if self._row is not None else self._column(position)
        if position == len(buffer) or _PROMPT.startswith(buffer[position : position + len(_PROMPT)]):
            return position
        line_end = buffer.find(b"\n", position)  # a greeting, or the end of the prompt before
        return position if line_end < 0 else line_end + 1

    def _column(self, position: int) -> int:
        found = _COLUMN.match(self._buffer, position)
        if found is None:
            return position
        number = len(self._columns) + 1
        self._names.append(found[1])
        self._columns.append(_Column(b'\t%2d: %b = "' % (number, found[1]), b'"' + found[2]))
        return found.end()

    def _value(self, position: int) -> int:
        assert self._row is not None
        for index in range(self._next, len(self._columns)):
            column = self._columns[index]
            if self._buffer.startswith(column.prefix, position):
                start = position + len(column.prefix)
                end = self._buffer.find(column.suffix, max(start, self._searched))
                if end < 0:
                    self._searched = max(start, len(self._buffer) - len(column.suffix))
                    return position
                self._row[index] = self._buffer[start:end]
                self._next = index + 1
                self._searched = 0
                return end + len(column.suffix)
        if len(self._buffer) - position < _longest(self._columns):
            return position
        self.begin()  # one statement may give several result sets
        return self._column(position)

    def _end_of_row(self) -> None:
        if self._row is None:
            self._on_columns(self._names)
        else:
            self._on_row(self._row)
        self._row = cast("list[Value]", [None] * len(self._columns))
        self._next = 0


def _longest(columns: Sequence[_Column]) -> int:
    return max((len(column.prefix) for column in columns), default=0)


class Session:
    """One backend. The process that makes it must be its parent."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        on_columns: OnColumns,
        on_row: OnRow,
        on_remark: Callable[[str], None],
    ) -> None:
        """Start the backend.

        Args:
            command: `postgres --single -j …`.
            environment: of the process.
            on_columns: called with the names at the beginning of each result set.
            on_row: called with the values of each row, None for NULL.
            on_remark: called with each notice and warning.
        """
        self._reader = _ResultReader(on_columns, on_row)
        self._on_remark = on_remark
        own, theirs = _pipes()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                for number, descriptor in enumerate(theirs):
                    os.dup2(descriptor, number)
                os.closerange(3, 64)
                os.execve(command[0], list(command), dict(environment))  # noqa: S606  # no shell is wanted
            finally:
                os._exit(127)
        for descriptor in theirs:
            os.close(descriptor)
        self._input, self._output, self._errors = own
        os.set_blocking(self._errors, False)
        self._log = b""
        self._await_prompt()

    def execute(self, statement: Statement, *, before: str = "") -> SqlError | None:
        """Run one statement to its end.

        Args:
            statement: to run.
            before: sent in front of it, and part of what PostgreSQL parses before it runs anything.

        Raises:
            BackendEnded: it crashed, was ended by the statement, or cannot be reached.
        """
        text, added = for_backend(statement.text)
        self._reader.begin()
        self._log = b""
        view = memoryview((before + text).encode())
        try:
            while view:
                view = view[os.write(self._input, view) :]
        except BrokenPipeError:
            pass  # what it said is still to be read
        self._await_prompt()
        error = self._failure()
        if error is not None and error.position is not None:
            error.position = max(0, original_position(error.position - len(before), added))
        return error

    def close(self) -> None:
        """End the backend at once: nobody wants its data any more."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def last_words(self) -> SqlError | None:
        """Why the backend ended, if it said so."""
        return self._failure()

    def _await_prompt(self) -> None:
        poller = select.poll()
        poller.register(self._output, select.POLLIN)
        poller.register(self._errors, select.POLLIN)
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == self._errors:
                    if not self._read_log():
                        poller.unregister(self._errors)
                    continue
                data = os.read(self._output, _CHUNK)
                if not data:
                    while self._read_log():
                        pass
                    raise BackendEnded(self._log.decode(errors="replace"))
                if self._reader.feed(data):
                    self._read_log()
                    return

    def _read_log(self) -> bool:
        """Whether there may be more, now or later."""
        try:
            data = os.read(self._errors, _CHUNK)
        except BlockingIOError:
            return False
        if len(self._log) < _LONGEST_LOG:
            self._log += data
        return bool(data)

    def _failure(self) -> SqlError | None:
        """Take the log apart: remarks are passed on, the first failure is returned."""
        error: SqlError | None = None
        about: dict[str, Any] = {}
        for found in _LOGGED.finditer(self._log):
            severity = found["severity"].decode()
            text = found["text"].decode(errors="replace").replace("\n\t", "\n")
            if severity in _REMARKS:
                self._on_remark(f"{severity}: {text}")
                about = {}
            elif severity in _FAILURES:
                about = {}
                if error is None:
                    at = _AT.search(text)
                    message = text[: at.start()] if at else text
                    error = SqlError(found["state"].decode(), message, int(at[1]) - 1 if at else None)
                    about = error.notes
            else:
                about.setdefault(severity, text)
        if error is not None and "QUERY" in error.notes:
            error.position = None  # it is a place in a query inside a function
        self._log = b""
        return error


def _pipes() -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Our ends and the backend's of its standard input, output and error."""
    input_theirs, input_ours = os.pipe()
    output_ours, output_theirs = os.pipe()
    errors_ours, errors_theirs = os.pipe()
    return (input_ours, output_ours, errors_ours), (input_theirs, output_theirs, errors_theirs)
