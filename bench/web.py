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


def _web_pid(product: Product) -> int:
    for pid in product.processes():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            if b"cli.main\0web" in file.read():
                return pid
    raise RuntimeError("no web process")


class _Connection:
    """HTTP/1.1 over one kept connection; knows just enough to read an answer with a Content-Length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = f"Host: localhost:{port}\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, port: int, token: str) -> AsyncGenerator["_Connection"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield cls(reader, writer, port, token)
        finally:
            writer.close()

    async def request(self, method: str, path: str) -> None:
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode(errors="replace"))
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        await self._reader.readexactly(length)


async def _cost(connection: _Connection, pid: int, method: str, path: str) -> float:
    before = cpu_seconds(pid)
    for _ in range(REQUESTS):
        await connection.request(method, path)
    return (cpu_seconds(pid) - before) / REQUESTS * 1e6


async def _compare(
    name: str, product: tuple[_Connection, int, str, str], floor: tuple[_Connection, int, str, str]
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
    floor_port = free_port()
    floor = subprocess.Popen(
        [sys.executable, str(ROOT / "bench" / "floor.py"), str(floor_port), database_url], cwd=ROOT
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", floor_port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        web_pid = _web_pid(product)
        port = int(product.url.rsplit(":", 1)[1])
        async with _Connection.open(port, token) as mine, _Connection.open(floor_port, token) as base:
            return [
                await _compare(
                    "GET languages/python/modules",
                    (mine, web_pid, "GET", "/api/v1/languages/python/modules"),
                    (base, floor.pid, "GET", "/modules"),
                ),
                await _compare(
                    "POST materials/{id}/view",
                    (mine, web_pid, "POST", f"/api/v1/materials/{material}/view"),
                    (base, floor.pid, "POST", f"/view/{material}"),
                ),
            ]
    finally:
        floor.terminate()
        floor.wait()


async def _first_open_material(database_url: str) -> str:
    """A material of the first module, which no prerequisite locks."""
    connection = await asyncpg.connect(database_url)
    try:
        return str(
            await connection.fetchval(
                """SELECT material.id FROM learning.materials material JOIN learning.modules module
                   ON module.id = material.module_id WHERE material.type = 'ARTICLE' ORDER BY module.position LIMIT 1"""
            )
        )
    finally:
        await connection.close()
