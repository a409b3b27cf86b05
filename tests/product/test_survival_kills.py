"""A machine out of memory kills what it likes. Whatever it is, what was handed in ends graded once, and the learner sees it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from codezest.services.learning.jobs import GAVE_UP
from codezest.services.learning.retries import MAX_GRADING_ATTEMPTS
from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product, running_product
from fixtures.survival import (
    check_graded_once,
    check_receipts,
    pid_of,
    shown,
    submit_all,
    wait_until_final,
)

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

PATIENCE = 30.0
SLOWLY = "import time; time.sleep(0.2)\n"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product(CODEZEST_JOB_HEARTBEAT_SECONDS="1") as running:
        yield running


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):  # each thread has its own
        tasks = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(child) for children in tasks for child in children]
    return []


def _programs(product: Product) -> Iterator[tuple[int, int, int]]:
    """Learners' programs at work: launcher, first process of the sandbox, program."""
    with contextlib.suppress(AssertionError):
        for launcher in _children(pid_of(product, "work")):
            for first in _children(launcher):
                for program in _children(first):
                    yield launcher, first, program


async def _second_program(product: Product) -> tuple[int, int, int]:
    """The program of a test that is not the submission's first: something has been told to the learner already."""
    seen: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while True:
            for found in _programs(product):
                if found[2] not in seen:
                    seen.append(found[2])
                if len(seen) > 1:
                    return found
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("victim", ["launcher", "sandbox"])
async def test_what_grades_is_killed_and_it_is_graded_again(product: Product, victim: str) -> None:
    url = product.database_url()
    learners = await make_learners(url, 1)
    assignment, code = await find_assignment(url)
    sent = await submit_all(product, learners, assignment, SLOWLY + code)
    launcher, first, _ = await _second_program(product)
    os.kill({"launcher": launcher, "sandbox": first}[victim], signal.SIGKILL)
    assert set((await wait_until_final(url, sent)).values()) == {"PASSED"}
    await check_graded_once(url, sent)
    await check_receipts(product, sent)
    answer = await shown(product, sent[0])
    assert (answer["status"], answer["verdict"]) == ("PASSED", "AC")


async def test_a_learners_program_is_killed_and_the_others_go_on(product: Product) -> None:
    url = product.database_url()
    learners = await make_learners(url, 2)
    assignment, code = await find_assignment(url)
    (hurt,) = await submit_all(product, learners[:1], assignment, SLOWLY + code)
    async with asyncio.timeout(PATIENCE):
        while not any(_killed_asleep(program) for _, _, program in _programs(product)):
            await asyncio.sleep(0.005)
    others = await submit_all(product, learners[1:], assignment, code)
    assert await wait_until_final(url, [hurt]) == {hurt.id: "FAILED"}
    assert set((await wait_until_final(url, others)).values()) == {"PASSED"}
    await check_graded_once(url, others)
    answer = await shown(product, hurt)
    verdicts = [test["verdict"] for test in answer["tests"]]
    assert answer["verdict"] in {"RE", "MLE"}
    assert verdicts.count("AC") == len(verdicts) - 1


def _killed_asleep(pid: int) -> bool:
    """Kill a program that has put on its second filter and sleeps, hence has begun: before, its death is ours to repeat."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        if "Seccomp_filters:\t2" not in status or "State:\tS" not in status:
            return False
        os.kill(pid, signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_program_that_kills_its_worker_each_time_is_given_up_and_harms_nobody_else(product: Product) -> None:
    """What a program does that makes its worker run out of memory: whenever it is taken up, the worker is gone."""
    url = product.database_url()
    poisoner, *learners = await make_learners(url, 4)
    assignment, code = await find_assignment(url)
    database = await asyncpg.connect(url)
    try:
        (poison,) = await submit_all(product, [poisoner], assignment, "import time; time.sleep(3)\n" + code)
        others = await submit_all(product, learners, assignment, SLOWLY + code, each=2)
        for number in range(1, MAX_GRADING_ATTEMPTS + 1):
            async with asyncio.timeout(PATIENCE):
                while number > int(
                    await database.fetchval(
                        "SELECT pick_ups FROM learning.submissions WHERE id = $1::text::uuid", poison.id
                    )
                ):
                    await asyncio.sleep(0.01)
            worker = pid_of(product, "work")
            os.kill(worker, signal.SIGKILL)
            await _until(lambda gone=worker: not Path(f"/proc/{gone}/task/{gone}/children").exists())
        assert await wait_until_final(url, [poison]) == {poison.id: "ERROR"}
        pick_ups = await database.fetchval(
            "SELECT pick_ups FROM learning.submissions WHERE id = $1::text::uuid", poison.id
        )
        assert pick_ups == MAX_GRADING_ATTEMPTS + 1
    finally:
        await database.close()
    assert set((await wait_until_final(url, others)).values()) == {"PASSED"}
    await check_graded_once(url, others)
    await check_receipts(product, [poison, *others])
    answer = await shown(product, poison)
    assert (answer["status"], answer["verdict"], answer["score"], answer["feedback"]) == ("ERROR", "IE", 0, GAVE_UP)
