"""(c) Submit → verdict over HTTP: milliseconds until the `final` event, one at a time and 200 at once, none lost."""

import asyncio
import statistics
import time
from dataclasses import dataclass

import httpx

from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product

IDLE_ROUNDS = 40
BURST_USERS = 20
BURST_PER_USER = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, and how many verdicts came."""

    p50: float
    p99: float
    graded: int
    asked: int


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def _submit(client: httpx.AsyncClient, assignment: str, code: str) -> str:
    answer = await client.post(f"/api/v1/assignments/{assignment}/submissions", json={"code": code})
    answer.raise_for_status()
    return str(answer.json()["id"])


async def _final(client: httpx.AsyncClient, submission: str) -> None:
    async with client.stream("GET", f"/api/v1/submissions/{submission}/events", timeout=180) as answer:
        async for line in answer.aiter_lines():
            if line == "event: final":
                return
    raise RuntimeError("the stream ended without a verdict")


async def _timed(client: httpx.AsyncClient, assignment: str, code: str) -> float:
    started = time.perf_counter()
    await _final(client, await _submit(client, assignment, code))
    return (time.perf_counter() - started) * 1000


def _client(product: Product, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=product.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


async def measure(product: Product) -> tuple[Figures, Figures]:
    """The figures idle, and with 200 submissions in one burst by 20 learners."""
    database_url = product.database_url()
    learners = await make_learners(database_url, BURST_USERS)
    assignment, code = await find_assignment(database_url)
    async with _client(product, learners[0]) as client:
        for _ in range(5):
            await _timed(client, assignment, code)
        idle = [await _timed(client, assignment, code) for _ in range(IDLE_ROUNDS)]
    clients = [_client(product, token) for token in learners]
    try:
        burst = await asyncio.gather(
            *(_timed(client, assignment, code) for client in clients for _ in range(BURST_PER_USER)),
            return_exceptions=True,
        )
    finally:
        for client in clients:
            await client.aclose()
    times = [value for value in burst if isinstance(value, float)]
    return (
        Figures(statistics.median(idle), _percentile(idle, 0.99), len(idle), IDLE_ROUNDS),
        Figures(statistics.median(times), _percentile(times, 0.99), len(times), len(burst)),
    )
