"""The machine's memory runs out while programs run: the kernel kills within a memory group around the worker."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest_sandbox.cgroup_base import make_base, remove_soon
from fixtures.learners import find_assignment, make_learners
from fixtures.product import Product, running_product
from fixtures.survival import check_graded_once, check_receipts, pid_of, shown, submit_all, wait_until_final

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

MEBIBYTE = 1 << 20
LITTLE = 48 * MEBIBYTE
"""What there is beyond what the worker holds at rest: less than a program may take."""
HUNGRY = """
import time
block = bytearray(100 << 20)
for place in range(0, len(block), 4096): block[place] = 1
time.sleep(0.1)
del block
"""


@pytest.fixture
def group() -> Iterator[Path]:
    """A memory group of version 1, which lets processes be beside groups in it."""
    base = make_base(os.geteuid(), os.getpid())
    if base is None or base.version != 1:
        pytest.skip("memory groups cannot be made here")
    made = base.path / "machine"
    made.mkdir()
    yield made
    _into(base.path.parent, [int(pid) for pid in (made / "cgroup.procs").read_text().split()])
    remove_soon(made)
    remove_soon(base.path)


def _into(group: Path, pids: list[int]) -> None:
    for pid in pids:
        (group / "cgroup.procs").write_text(str(pid))


async def test_memory_of_the_machine_runs_out_and_nothing_is_lost(group: Path) -> None:
    with running_product(CODEZEST_JOB_HEARTBEAT_SECONDS="1", CODEZEST_WORKER_CONCURRENCY="2") as product:
        await _starve(product, group)


async def _starve(product: Product, group: Path) -> None:
    url = product.database_url()
    learners = await make_learners(url, 4)
    assignment, code = await find_assignment(url)
    await wait_until_final(url, await submit_all(product, learners[:1], assignment, code))
    # Whoever is started from now on is in the group, the next worker for one.
    _into(group, [product.process.pid])
    before = pid_of(product, "work")
    os.kill(before, signal.SIGKILL)
    while not any(pid != product.process.pid for pid in _members(group)):
        await asyncio.sleep(0.02)
    _into(group.parent.parent, [product.process.pid])
    assert pid_of(product, "work") in _members(group)
    warm = await submit_all(product, learners[1:2], assignment, code)
    await wait_until_final(url, warm)
    used = int((group / "memory.usage_in_bytes").read_text())
    (group / "memory.limit_in_bytes").write_text(str(used + LITTLE))
    hungry = await submit_all(product, learners[2:3], assignment, HUNGRY + code)
    modest = await submit_all(product, learners[3:4], assignment, code, each=3)
    failed = await wait_until_final(url, hungry)
    assert set((await wait_until_final(url, modest)).values()) == {"PASSED"}
    assert int((group / "memory.failcnt").read_text()) > 0  # the machine had no more; the program was within its limit
    assert set(failed.values()) <= {"FAILED", "ERROR"}
    answer = await shown(product, hungry[0])
    assert answer["verdict"] in {"MLE", "RE", "IE"}
    await check_graded_once(url, modest)
    (group / "memory.limit_in_bytes").write_text("-1")
    enough = await submit_all(product, learners[2:3], assignment, HUNGRY + code)
    assert set((await wait_until_final(url, enough)).values()) == {"PASSED"}
    await check_receipts(product, [*hungry, *enough])


def _members(group: Path) -> list[int]:
    return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
