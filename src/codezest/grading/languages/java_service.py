"""One warm Java compiler in a sandbox of its own, and how it is talked to. See `CompileService.java` for the protocol."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from codezest.grading.languages.language import Toolchain
from codezest_sandbox import Limits, RunOutput, SandboxDied
from codezest_sandbox.archive import check_name
from codezest_sandbox.connection import Case, Sandbox
from codezest_sandbox.limits import MEBIBYTE
from codezest_sandbox.runtime import Build, Runtime

_READY = b"w"
_COMPILED, _REFUSED = 0, 1
_START_SECONDS = 60.0
_LIFETIME_SECONDS = 86400.0
_LONGEST_TEXT = MEBIBYTE
_MOST_CLASS_BYTES = 16 * MEBIBYTE
_MOST_CLASSES = 20_000
_CHUNK = 1 << 18
_LIMITS = Limits(
    cpu_seconds=_LIFETIME_SECONDS,
    wall_seconds=_LIFETIME_SECONDS,
    memory_bytes=256 * MEBIBYTE,
    output_bytes=64 * 1024,
    processes=64,
)
_EXPORTS = ("--add-exports", "java.base/jdk.internal.access=ALL-UNNAMED")


class ServiceLost(Exception):  # it names what happened, and is handled one level up
    """The service ended, or said what it never says, before it had answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the compiler made of a submission."""

    ok: bool
    said: str
    entry: str = ""
    """The class to start with, with dots."""
    plain: bool = False
    """Whether cases may share a machine."""
    classes: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """File name → content."""


def service_runtime(toolchain: Toolchain) -> Runtime:
    """What the sandbox of a service is."""
    facts = toolchain.facts
    return Runtime(
        kind="java",
        policy="java",
        environment={"LD_LIBRARY_PATH": facts["libraries"]},
        options={
            "java": facts["java"],
            "classes": facts["classes"],
            "service": [*_EXPORTS, "codezest.CompileService"],
        },
        bounded_address_space=False,
    )


class JavaService:
    """A running service. For one compilation at a time; `close` it when one is cut short."""

    def __init__(self, sandbox: Sandbox) -> None:
        """`sandbox`: fresh, for `service_runtime`; it becomes this object's."""
        self._sandbox = sandbox
        self._running: asyncio.Task[RunOutput | None] | None = None
        self._wire: _Wire | None = None
        self.compiled = 0

    async def start(self) -> None:
        """Wait until it is warm.

        Raises:
            ServiceLost: see there.
            SandboxDied: see there.
        """
        await self._sandbox.prepare(Build(files={}, entry=""), Limits())
        near, far = socket.socketpair()
        with far:
            self._running = asyncio.ensure_future(self._serve(far.fileno()))
            await asyncio.sleep(0)  # the request is sent, and a copy of the far end with it
        self._wire = _Wire(near)
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await self._wire.read(len(_READY))
        except (TimeoutError, OSError, EOFError) as error:
            raise ServiceLost(f"the Java compiler does not start: {error!r}{await self._last_words()}") from error
        if ready != _READY:
            raise ServiceLost("the Java compiler does not start")

    async def _serve(self, link: int) -> RunOutput | None:
        with suppress(SandboxDied):
            async with aclosing(self._sandbox.run([Case(link=link, limits=_LIMITS)])) as outputs:
                async for output in outputs:
                    return output
        return None

    async def _last_words(self) -> str:
        if self._running is None:
            return ""
        done, _ = await asyncio.wait([self._running], timeout=1.0)
        output = self._running.result() if done else None
        return "" if output is None else f" ({(output.stderr or output.stdout).decode(errors='replace')[:2000]})"

    def close(self) -> None:
        """End it, whatever it does."""
        if self._running is not None:
            self._running.cancel()
        if self._wire is not None:
            self._wire.close()
        self._sandbox.close()

    @property
    def alive(self) -> bool:
        return self._running is not None and not self._running.done()

    async def compile(self, sources: Mapping[str, bytes]) -> Answer:
        """Compile in memory. The first source is the one to begin with.

        Raises:
            ServiceLost: see there.
        """
        if self._wire is None:
            raise ServiceLost("the Java compiler is not started")
        request = [struct.pack(">i", len(sources))]
        for name, content in sources.items():
            request += [_text(name.encode("utf-8", "replace")), _text(content)]
        self.compiled += 1
        try:
            await self._wire.send(b"".join(request))
            return await _read_answer(self._wire)
        except (OSError, EOFError, ValueError) as error:
            raise ServiceLost(f"the Java compiler ended: {error!r}") from error


class _Wire:
    """A stream socket that can be closed at any time, also from outside the loop."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)  # noqa: FBT003  # it takes no name
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()

    async def send(self, content: bytes) -> None:
        await self._loop.sock_sendall(self._connection, content)

    async def read(self, length: int) -> bytes:
        """Exactly so many bytes. Raises EOFError when there are no more."""
        while len(self._received) < length:
            chunk = await self._loop.sock_recv(self._connection, _CHUNK)
            if not chunk:
                raise EOFError("the other side has ended")
            self._received += chunk
        wanted = bytes(self._received[:length])
        del self._received[:length]
        return wanted

    def close(self) -> None:
        if self._connection.fileno() >= 0 and not self._loop.is_closed():
            self._loop.remove_reader(self._connection)
            self._loop.remove_writer(self._connection)
        self._connection.close()


def _text(content: bytes) -> bytes:
    return struct.pack(">i", len(content)) + content


async def _read_number(wire: _Wire, most: int) -> int:
    (number,) = struct.unpack(">i", await wire.read(4))
    if not 0 <= number <= most:
        raise ValueError(f"{number} is not between 0 and {most}")
    return int(number)


async def _read_text(wire: _Wire) -> str:
    length = await _read_number(wire, _LONGEST_TEXT)
    return (await wire.read(length)).decode(errors="replace")


async def _read_answer(wire: _Wire) -> Answer:
    """Nothing of it is believed beyond its form: it comes from a sandbox. Raises ValueError for any other form."""
    (status,) = await wire.read(1)
    said = await _read_text(wire)
    if status != _COMPILED:
        return Answer(ok=False, said=said)
    entry = await _read_text(wire)
    (plain,) = await wire.read(1)
    room = _MOST_CLASS_BYTES
    classes: dict[str, bytes] = {}
    for _ in range(await _read_number(wire, _MOST_CLASSES)):
        name = (await _read_text(wire)).replace(".", "/") + ".class"
        check_name(name)
        length = await _read_number(wire, room)
        room -= length
        classes[name] = await wire.read(length)
    return Answer(ok=True, said=said, entry=entry, plain=bool(plain), classes=classes)
