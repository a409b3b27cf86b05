"""(f) What a whole ten-question quiz costs: requests, and CPU of the web process and of the database together.

The requests are those of a browser: the quiz's page, its start, the attempt, the answers, the result; a quiz answered with a pause
in between costs a save besides, which is measured as if every quiz had one. `PYTHONPATH=tests python bench/quiz.py` prints
the figures.
"""

import asyncio
import re
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx

from fixtures.learners import make_learners
from fixtures.product import Product, running_product
from web import cpu_seconds

QUIZZES = 40
WARM_UP = 10
MOST_REQUESTS = 5
MOST_CPU_MS = 60.0
SLUG = "python-basics-quiz"
_FIELD = re.compile(r'<input[^>]* name="(answer-[0-9a-f-]+)" value="([0-9a-f-]+)"')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one quiz: requests without a save, and medians of CPU milliseconds with one."""

    requests: int
    web_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms

    @property
    def fine(self) -> bool:
        return self.requests <= MOST_REQUESTS and self.cpu_ms <= MOST_CPU_MS


async def measure(product: Product) -> Cost:
    """Take the quiz again and again, each time as another learner."""
    url = product.database_url()
    tokens = await make_learners(url, QUIZZES + WARM_UP)
    connection = await asyncpg.connect(url)
    try:
        quiz = str(await connection.fetchval("SELECT id FROM learning.quizzes WHERE slug = $1", SLUG))
    finally:
        await connection.close()
    requests: set[int] = set()
    web: list[float] = []
    database: list[float] = []
    for number, token in enumerate(tokens):
        before = _clocks(product)
        asked = await _take(product.url, token, quiz)
        after = _clocks(product)
        if number >= WARM_UP:
            requests.add(asked)
            web.append(1000 * (after[0] - before[0]))
            database.append(1000 * (after[1] - before[1]))
    return Cost(max(requests), statistics.median(web), statistics.median(database))


def _clocks(product: Product) -> tuple[float, float]:
    """CPU seconds so far of the web process, and of the database's processes that live."""
    web = database = 0.0
    for pid in product.processes():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"cli.main\0web" in command:
                web += cpu_seconds(pid)
            elif b"postgres" in command:
                database += cpu_seconds(pid)
        except OSError:
            continue
    return web, database


async def _take(url: str, token: str, quiz: str) -> int:
    """Take the quiz once; returns how many requests it cost besides the save."""
    asked = 0

    async def count(_request: httpx.Request) -> None:
        nonlocal asked
        asked += 1

    async with httpx.AsyncClient(
        base_url=url, cookies={"codezest_session": token}, timeout=30, event_hooks={"request": [count]}
    ) as browser:
        start = await browser.get(f"/quizzes/{quiz}")
        csrf = _found(_TOKEN, start.text)
        page = await browser.post(f"/quizzes/{quiz}/attempts", data={"csrf_token": csrf}, follow_redirects=True)
        first_options: dict[str, str] = {}
        for name, option in _FIELD.findall(page.text):
            first_options.setdefault(name, option)
        if len(first_options) != 10:
            raise RuntimeError(f"{len(first_options)} questions at {page.url}: {page.status_code}")
        csrf = _found(_TOKEN, page.text)
        kept = {name.removeprefix("answer-"): {"option_ids": [one]} for name, one in first_options.items()}
        saved = await browser.put(
            f"/api/v1{page.url.path}/saved",
            json={"revision": 0, "questions": kept, "page": "the-same-page"},
            headers={"X-CSRF-Token": csrf},
        )
        saved.raise_for_status()
        answers = {"csrf_token": csrf, "revision": "1", "page": "the-same-page"} | first_options
        result = await browser.post(f"{page.url.path}/submit", data=answers, follow_redirects=True)
        if not result.url.path.endswith("/result"):
            raise RuntimeError(f"{result.status_code} at {result.url}")
    return asked - 1


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise RuntimeError("the page holds no form")
    return match[1]


def main() -> int:
    with running_product() as product:
        cost = asyncio.run(measure(product))
    print(
        f"{'ok  ' if cost.fine else 'MISS'}  (f) a ten-question quiz: {cost.requests} requests, bar {MOST_REQUESTS}; "
        f"{cost.cpu_ms:.0f} CPU-ms with a save in between, bar {MOST_CPU_MS:.0f} "
        f"(web {cost.web_ms:.0f}, database {cost.database_ms:.0f})"
    )
    return 0 if cost.fine else 1


if __name__ == "__main__":
    sys.exit(main())
