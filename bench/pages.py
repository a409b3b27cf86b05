"""(g) Server CPU of a page for somebody signed in: the web process and PostgreSQL together, beside an empty page's.

Requests go one at a time over one kept connection, in alternating rounds with the empty page of `floor.py` on the same
database; the CPU clocks of the web process and of every process of PostgreSQL say what a request cost. The figures are the
medians of the rounds.
"""

import asyncio
import statistics
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from fixtures.journey import API, CALCULATOR, verdict_of
from fixtures.learners import make_learners
from fixtures.product import Product, running_product
from web import Connection, cpu_seconds, running_floor, web_pid

ROUNDS = 5
REQUESTS = 60
WARM_UP = 20
"""Requests before the first round: after some, PostgreSQL keeps a statement's plan."""
BAR_MS = 3.0
CSRF_COOKIE = "a-browser-that-was-here-before"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCost:
    """CPU milliseconds of one request, in the web process and in PostgreSQL, and how large the page is."""

    name: str
    web_ms: float
    database_ms: float
    ratio: float
    """To the empty page, PostgreSQL included."""
    kilobytes: float

    @property
    def all_ms(self) -> float:
        return self.web_ms + self.database_ms


@dataclass(frozen=True, slots=True)
class Meter:
    """The CPU clocks of one server process and of PostgreSQL's processes."""

    server: int
    database: Sequence[int]

    def read(self) -> tuple[float, float]:
        """Seconds so far, in the server and in PostgreSQL. A process that has ended counts no more."""
        total = 0.0
        for pid in self.database:
            with suppress(OSError):
                total += cpu_seconds(pid)
        return cpu_seconds(self.server), total


def postgres_processes(product: Product) -> list[int]:
    """The postmaster and everything below it."""
    found: list[int] = []
    for pid in product.processes():
        with suppress(OSError):
            if (Path("/proc") / str(pid) / "cmdline").read_bytes().partition(b":")[0].find(b"postgres") >= 0:
                found.append(pid)
    return found


@asynccontextmanager
async def signed_in(product: Product, token: str) -> AsyncGenerator[Connection]:
    """A browser's kept connection, with the cookies of somebody who has been here before."""
    cookies = f"codezest_session={token}; codezest_csrf={CSRF_COOKIE}"
    async with Connection.open(int(product.url.rsplit(":", 1)[1]), Cookie=cookies, Accept_Language="en") as connection:
        yield connection


async def halfway(product: Product, token: str) -> Mapping[str, str]:
    """Let a learner do half of the first module; the paths of the pages by name."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=product.url, headers=headers, timeout=60) as client:
        module = (await client.get(f"{API}/languages/python/modules")).json()["items"][0]["id"]
        held = (await client.get(f"{API}/modules/{module}")).json()
        for material in held["materials"][:2]:
            (await client.post(f"{API}/materials/{material['id']}/complete")).raise_for_status()
        exercise, quiz = held["assignments"][0]["id"], held["quizzes"][0]["id"]
        code = min((CALCULATOR / "wrong").glob("*.py")).read_text()
        sent = await client.post(f"{API}/assignments/{exercise}/submissions", json={"code": code})
        submission = sent.raise_for_status().json()["id"]
        await verdict_of(client, submission)
        attempts = f"{API}/quizzes/{quiz}/attempts"
        answered = (await client.post(attempts)).raise_for_status().json()["id"]
        (await client.post(f"{API}/attempts/{answered}/submit", json={"answers": []})).raise_for_status()
        attempt = (await client.post(attempts)).raise_for_status().json()["id"]
    return {
        "dashboard": "/dashboard",
        "language": "/languages/python",
        "module": f"/modules/{module}",
        "lesson": f"/materials/{next(one['id'] for one in held['materials'] if one['material_type'] == 'ARTICLE')}",
        "exercise": f"/assignments/{exercise}",
        "submission": f"/submissions/{submission}",
        "quiz": f"/quizzes/{quiz}",
        "attempt": f"/attempts/{attempt}",
        "result": f"/attempts/{answered}/result",
        "courses": "/courses",
        "search": "/search?q=loop",
        "account": "/account",
    }


async def _cost(connection: Connection, path: str, meter: Meter, count: int = REQUESTS) -> tuple[float, float]:
    server, database = meter.read()
    for _ in range(count):
        await connection.request("GET", path)
    server_after, database_after = meter.read()
    return (server_after - server) / count * 1000, (database_after - database) / count * 1000


async def measure(product: Product, only: Sequence[str] = ()) -> tuple[PageCost, list[PageCost]]:
    """The empty page, and each page of the product."""
    database_url = product.database_url()
    [token] = await make_learners(database_url, 1)
    every = await halfway(product, token)
    paths = {name: path for name, path in every.items() if not only or name in only}
    async with (
        running_floor(database_url) as (floor_port, floor_pid),
        Connection.open(floor_port, Authorization=f"Bearer {token}") as base,
        signed_in(product, token) as mine,
    ):
        for path in paths.values():
            for _ in range(WARM_UP):
                await mine.request("GET", path)
        for _ in range(WARM_UP):
            await base.request("GET", "/page")
        database = postgres_processes(product)
        floors: list[tuple[float, float]] = []
        found: list[PageCost] = []
        for name, path in paths.items():
            size = len((await mine.request("GET", path)).body)
            rounds = [
                (
                    await _cost(mine, path, Meter(web_pid(product), database)),
                    await _cost(base, "/page", Meter(floor_pid, database)),
                )
                for _ in range(ROUNDS)
            ]
            floors += [floor for _, floor in rounds]
            found.append(
                PageCost(
                    name=name,
                    web_ms=statistics.median(web for (web, _), _ in rounds),
                    database_ms=statistics.median(database for (_, database), _ in rounds),
                    ratio=statistics.median(sum(page) / sum(floor) for page, floor in rounds),
                    kilobytes=size / 1000,
                )
            )
    empty = PageCost(
        name="empty page",
        web_ms=statistics.median(web for web, _ in floors),
        database_ms=statistics.median(database for _, database in floors),
        ratio=1.0,
        kilobytes=0.0,
    )
    return empty, found


if __name__ == "__main__":
    with running_product() as running:
        floor, pages = asyncio.run(measure(running, sys.argv[1:]))
    for one in (floor, *pages):
        print(
            f"{one.name:12} {one.all_ms:6.2f} ms = web {one.web_ms:5.2f} + database {one.database_ms:5.2f}   "
            f"{one.ratio:5.1f} x the empty page   {one.kilobytes:5.1f} kB"
        )
