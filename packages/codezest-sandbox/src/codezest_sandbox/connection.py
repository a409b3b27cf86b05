"""One sandbox, as the host sees it: programs go in, facts and outputs come out. For asyncio."""

import asyncio
import json
import os
import socket
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import TracebackType
from typing import Any, Self

from codezest_sandbox.archive import pack, unpack
from codezest_sandbox.disguise import Disguise
from codezest_sandbox.limits import Limits
from codezest_sandbox.result import CaseResult, Ending, PreparedResult, RunOutput
from codezest_sandbox.runtime import Build, prepare_message
from codezest_sandbox.tiers import SandboxDied

_GRACE_SECONDS = 10.0
"""How long after its wall limit a case's answer may take on a machine that is busy."""
_LARGEST_MESSAGE = 1 << 16
_IN_FLIGHT = 8
"""Requests sent ahead, so that the sandbox never waits for the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run of a prepared program."""

    stdin: bytes = b""
    args: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Relative path → content, placed beside the program."""
    link: int | None = None
    """A descriptor of the caller's, a copy of which the program finds as its descriptor 3."""
    stdin_from: int | None = None
    """A descriptor of the caller's to read from instead of `stdin`."""
    stdout_to: int | None = None
    """A descriptor of the caller's to write to, when the output is not wanted here."""
    limits: Limits = field(default_factory=Limits)


def _memory_file(content: bytes | None = None) -> int:
    """A memory file: sealed with `content`, or empty and to be written to."""
    if content is None:
        return os.memfd_create("output")
    import fcntl  # not on every system that may import this module

    descriptor = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


async def _receive(connection: socket.socket, seconds: float) -> dict[str, Any]:
    """The next answer.

    Raises:
        SandboxDied: the other end is gone, or silent for too long.
    """
    try:
        async with asyncio.timeout(seconds):
            message = await asyncio.get_running_loop().sock_recv(connection, _LARGEST_MESSAGE)
    except (TimeoutError, OSError) as error:
        raise SandboxDied(f"no answer from the sandbox: {error!r}") from error
    if not message:
        raise SandboxDied("the sandbox ended before it answered")
    answer: dict[str, Any] = json.loads(message)
    if "died" in answer:
        raise SandboxDied(str(answer["died"]))
    return answer


class Sandbox:
    """A connection to one sandbox, to be used for one submission. Closing it ends every process in the sandbox."""

    def __init__(self, connection: socket.socket, idle_resident_bytes: int, disguise: Disguise | None = None) -> None:
        self._connection = connection
        self._idle = idle_resident_bytes
        self._disguise = disguise
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it, even while somebody waits for its answer.

        The loop must forget the descriptor first: the next one opened may have the same number.
        """
        if self._loop is not None and not self._loop.is_closed() and self._connection.fileno() >= 0:
            self._loop.remove_reader(self._connection)
        self._connection.close()

    async def prepare(self, build: Build, limits: Limits) -> PreparedResult:
        """Place the files and compile. At most `limits.output_bytes` of what the compiler says is returned.

        Raises:
            SandboxDied: see there.
        """
        output, built = _memory_file(), _memory_file()
        try:
            files = _memory_file(pack(build.files))
            try:
                self._send(prepare_message(build, limits.as_message()), [files, output, built])
            finally:
                os.close(files)
            seconds = limits.wall_seconds * max(1, len(build.steps)) + _GRACE_SECONDS
            result = CaseResult.from_message(await _receive(self._connection, seconds))
            said = self._disguised(os.pread(output, limits.output_bytes, 0)).decode(errors="replace")
            archive = os.pread(built, os.fstat(built).st_size, 0) if build.artifacts else b""
        finally:
            os.close(output)
            os.close(built)
        return _prepared(result, said, unpack(archive) if archive else {})

    async def run(
        self, cases: Iterable[Case], *, grace_seconds: float = _GRACE_SECONDS, in_flight: int = _IN_FLIGHT
    ) -> AsyncGenerator[RunOutput]:
        """Run the prepared program once for each case, in order. Close the iterator to stop early.

        Args:
            cases: what to run it on; taken one by one, as there is room for them.
            in_flight: how many are sent ahead of the answers.
            grace_seconds: how long after its wall limit an answer may take.

        Raises:
            SandboxDied: see there.
        """
        waiting = iter(cases)
        sent: deque[tuple[Case, int, int]] = deque()
        try:
            while True:
                for case in islice(waiting, in_flight - len(sent)):
                    sent.append((case, _memory_file(), _memory_file()))
                    self._send_case(*sent[-1])
                if not sent:
                    return
                case, stdout, stderr = sent[0]
                answer = await _receive(self._connection, case.limits.wall_seconds + grace_seconds)
                sent.popleft()
                try:
                    output = self._collect(CaseResult.from_message(answer), case.limits, stdout, stderr)
                finally:
                    os.close(stdout)
                    os.close(stderr)
                yield output
        finally:
            for _, stdout, stderr in sent:
                os.close(stdout)
                os.close(stderr)

    def _send_case(self, case: Case, stdout: int, stderr: int) -> None:
        ours = [] if case.stdin_from is not None else [_memory_file(case.stdin)]
        descriptors = [
            ours[0] if case.stdin_from is None else case.stdin_from,
            stdout if case.stdout_to is None else case.stdout_to,
            stderr,
        ]
        extras = {"args": case.args, "files": dict(case.files)}
        given = [name for name, value in extras.items() if value]
        for name in given:
            descriptors.append(_memory_file(json.dumps(extras[name]).encode()))
            ours.append(descriptors[-1])
        if case.link is not None:
            given.append("link")
            descriptors.append(case.link)
        room = [len(case.files), sum(len(text.encode()) for text in case.files.values())]
        message = {"do": "case", "limits": case.limits.as_message(), "idle": self._idle}
        try:
            self._send({**message, "extras": given, "room": room}, descriptors)
        finally:
            for descriptor in ours:
                os.close(descriptor)

    def _collect(self, result: CaseResult, limits: Limits, stdout: int, stderr: int) -> RunOutput:
        return RunOutput(
            result=result,
            stdout=os.pread(stdout, limits.output_bytes, 0),
            stdout_length=os.fstat(stdout).st_size,
            stderr=self._disguised(os.pread(stderr, limits.output_bytes, 0)),
            stderr_length=os.fstat(stderr).st_size,
        )

    def _disguised(self, text: bytes) -> bytes:
        return text if self._disguise is None else self._disguise.put_on(text)

    def _send(self, message: dict[str, Any], descriptors: list[int]) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            socket.send_fds(self._connection, [json.dumps(message).encode()], descriptors)
        except OSError as error:
            raise SandboxDied(f"the sandbox takes no requests: {error}") from error


def _prepared(result: CaseResult, said: str, artifacts: Mapping[str, bytes]) -> PreparedResult:
    if result.ending is Ending.SETUP:
        raise SandboxDied(f"the compiler could not be started: {result.detail}")
    if result.ending is Ending.EXIT:
        return PreparedResult(ok=result.code == 0, output=said, artifacts=artifacts)
    why = {
        Ending.CPU: "compiling took too much time",
        Ending.WALL: "compiling took too long",
        Ending.MEMORY: "compiling took too much memory",
    }.get(result.ending, "the compiler crashed on this program")
    return PreparedResult(ok=False, output=f"{said}{why}\n")
