"""(a) Server CPU of a hot read and a hot write against a bare ASGI + asyncpg server sending the same SQL.

Both servers run at once on one database; requests go one at a time over one kept connection, in alternating rounds, and
the CPU clock of each server process says what a request cost. The figure is the median of the rounds' ratios.
"""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import asyncpg

from fixtures.learners import make_learners
from fixtures.product import ROOT, Product, free_port

ROUNDS = 7
REQUESTS = 400
FORM_HEADERS = "Content-Type: application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Ratio:
    """CPU microseconds of one request, in the product and on the floor."""

    name: str
    product_us: float
    floor_us: float
    ratio: float


def cpu_seconds(pid: int) -> float:
    """The CPU clock of another process, by the kernel's encoding of its clock id."""
    return time.clock_gettime((~pid << 3) | 2)


def web_pid(product: Product) -> int:
    """The process that answers requests."""
    for pid in product.processes():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            if b"cli.main\0web" in file.read():
                return pid
    raise RuntimeError("no web process")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status code, header lines as they were sent, body."""

    status: int
    head: str
    body: bytes


class Connection:
    """HTTP/1.1 over one kept connection; knows just enough to read an answer with a Content-Length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = head

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, port: int, **headers: str) -> AsyncGenerator["Connection"]:
        """Connect to a port of this machine. The headers, with _ for -, go with every request."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = [f"Host: localhost:{port}", *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items())]
        try:
            yield cls(reader, writer, "\r\n".join(lines))
        finally:
            writer.close()

    async def request(
        self, method: str, path: str, body: bytes = b"", *, headers: str = FORM_HEADERS, expected: int = 200
    ) -> Answer:
        """Send one request, with a form's fields or what else the headers say as its body.

        Raises:
            RuntimeError: the answer has another status.
        """
        head = f"{method} {path} HTTP/1.1\r\n{self._head}\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        length = next(
            int(line.split(":")[1]) for line in lines.split("\r\n") if line.lower().startswith("content-length:")
        )
        answer = Answer(int(lines.split(" ", 2)[1]), lines, await self._reader.readexactly(length))
        if answer.status != expected:
            raise RuntimeError(f"{method} {path}: {lines}{answer.body.decode(errors='replace')[:2000]}")
        return answer


@contextlib.asynccontextmanager
async def running_floor(database_url: str) -> AsyncGenerator[tuple[int, int]]:
    """The bare server of `floor.py`: its port and process id."""
    port = free_port()
    floor = subprocess.Popen([sys.executable, str(ROOT / "bench" / "floor.py"), str(port), database_url], cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield port, floor.pid
    finally:
        floor.terminate()
        floor.wait()


async def _cost(connection: Connection, pid: int, method: str, path: str) -> float:
    before = cpu_seconds(pid)
    for _ in range(REQUESTS):
        await connection.request(method, path)
    return (cpu_seconds(pid) - before) / REQUESTS * 1e6


async def _compare(
    name: str, product: tuple[Connection, int, str, str], floor: tuple[Connection, int, str, str]
) -> Ratio:
    for side in (product, floor):
        await _cost(*side)  # plans are prepared, code paths warm
    pairs = [(await _cost(*product), await _cost(*floor)) for _ in range(ROUNDS)]
    return Ratio(
        name,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(base for _, base in pairs),
        statistics.median(mine / base for mine, base in pairs),
    )


async def measure(product: Product) -> list[Ratio]:
    """The read and the write."""
    database_url = product.database_url()
    [token] = await make_learners(database_url, 1)
    material = await _first_open_material(database_url)
    pid = web_pid(product)
    authorization = f"Bearer {token}"
    async with (
        running_floor(database_url) as (floor_port, floor_pid),
        Connection.open(int(product.url.rsplit(":", 1)[1]), Authorization=authorization) as mine,
        Connection.open(floor_port, Authorization=authorization) as base,
    ):
        return [
            await _compare(
                "GET languages/python/modules",
                (mine, pid, "GET", "/api/v1/languages/python/modules"),
                (base, floor_pid, "GET", "/modules"),
            ),
            await _compare(
                "POST materials/{id}/view",
                (mine, pid, "POST", f"/api/v1/materials/{material}/view"),
                (base, floor_pid, "POST", f"/view/{material}"),
            ),
        ]


async def _first_open_material(database_url: str) -> str:
    """A material of Python's first module, which no prerequisite locks."""
    connection = await asyncpg.connect(database_url)
    try:
        return str(
            await connection.fetchval(
                """SELECT material.id FROM learning.materials material JOIN learning.modules module
                   ON module.id = material.module_id JOIN learning.courses course ON course.id = module.course_id
                   WHERE course.kind = 'PATH' AND course.slug = 'python' AND material.type = 'ARTICLE'
                   ORDER BY module.position, material.position LIMIT 1"""
            )
        )
    finally:
        await connection.close()
