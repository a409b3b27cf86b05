"""Nothing submitted is ever lost, whatever is killed, and nothing happens twice."""
# ruff: noqa: S608 - statements are put together from constants of this file

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product, running_product

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

LEARNERS = 4
PER_LEARNER = 4
FINAL = ("PASSED", "FAILED", "ERROR")


OURS = """(
    SELECT work.* FROM learning.submissions work JOIN auth.users learner ON learner.id = work.user_id
    WHERE learner.email LIKE 'bench-%') submission"""
"""What these tests send: the sample course has learners of its own, whose work is older."""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product(CODEZEST_JOB_HEARTBEAT_SECONDS="2") as running:
        yield running


def _pid_of(product: Product, command: str) -> int:
    for pid in product.processes():
        with contextlib.suppress(OSError):
            if f"cli.main\0{command}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    raise AssertionError(f"no {command} process")


async def _submit_all(product: Product, learners: list[str], assignment: str, code: str) -> list[str]:
    async def one(token: str) -> str:
        async with httpx.AsyncClient(base_url=product.url, timeout=30) as client:
            answer = await client.post(
                f"/api/v1/assignments/{assignment}/submissions",
                json={"code": code},
                headers={"Authorization": f"Bearer {token}"},
            )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    return await asyncio.gather(*(one(token) for token in learners for _ in range(PER_LEARNER)))


async def _wait_until_final(database: asyncpg.Connection, count: int) -> list[asyncpg.Record]:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        rows = await database.fetch(f"SELECT * FROM {OURS} WHERE status = ANY($1)", FINAL)
        if len(rows) >= count:
            return rows
        await asyncio.sleep(0.2)
    rows = await database.fetch(f"SELECT status, count(*) FROM {OURS} GROUP BY 1")
    raise AssertionError(f"not all were graded: {[tuple(row) for row in rows]}")


async def _check_exactly_once(database: asyncpg.Connection) -> None:
    wrong = await database.fetch(
        f"""SELECT submission.id FROM {OURS}
           JOIN learning.assignments assignment ON assignment.id = submission.assignment_id
           WHERE submission.status <> 'PASSED' OR submission.score <> submission.max_score OR
                 (SELECT count(*) FROM learning.submission_test_results result WHERE result.submission_id = submission.id)
              <> (SELECT count(*) FROM learning.assignment_tests test WHERE test.assignment_id = assignment.id)"""
    )
    assert not wrong
    attempts = await database.fetch(
        f"SELECT user_id, array_agg(attempt_number ORDER BY attempt_number) AS numbers FROM {OURS} GROUP BY 1"
    )
    for row in attempts:
        assert row["numbers"] == list(range(1, len(row["numbers"]) + 1))
    completed = await database.fetch(
        f"SELECT completed_items FROM learning.module_progress WHERE user_id IN (SELECT user_id FROM {OURS})"
    )
    assert {row["completed_items"] for row in completed} == {1}


@pytest.mark.parametrize("victim", ["work", "web"])
async def test_a_killed_process_loses_nothing(product: Product, victim: str) -> None:
    url = product.database_url()
    learners = await make_learners(url, LEARNERS)
    assignment, code = await find_assignment(url)
    database = await asyncpg.connect(url)
    product.wait_until_ready()
    try:
        before = int(await database.fetchval(f"SELECT count(*) FROM {OURS}"))
        submitted = await _submit_all(product, learners, assignment, "import time; time.sleep(0.05)\n" + code)
        os.kill(_pid_of(product, victim), signal.SIGKILL)
        assert len(set(submitted)) == LEARNERS * PER_LEARNER
        await _wait_until_final(database, before + len(submitted))
        await _check_exactly_once(database)
    finally:
        await database.close()


async def test_a_killed_database_connection_loses_nothing(product: Product) -> None:
    url = product.database_url()
    learners = await make_learners(url, LEARNERS)
    assignment, code = await find_assignment(url)
    database = await asyncpg.connect(url)
    product.wait_until_ready()
    try:
        before = int(await database.fetchval(f"SELECT count(*) FROM {OURS}"))
        submitted = await _submit_all(product, learners, assignment, code)
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        await _wait_until_final(database, before + len(submitted))
        await _check_exactly_once(database)
    finally:
        await database.close()
