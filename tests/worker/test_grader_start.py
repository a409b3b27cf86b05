"""A grader that does not start at once: programs wait in the queue, everything else goes on."""

import asyncio
from collections.abc import Callable, Mapping

import asyncpg
import pytest

from codezest.grading import Grade, GradingSpec, LauncherFailed, TestOutcome
from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, enqueue
from codezest.kit.settings import Settings
from codezest.worker import grader_start
from codezest.worker.grader_start import PATIENT_TRIES, GraderStart
from codezest.worker.run import run_worker
from codezest_sandbox import IsolationUnavailable, SandboxDied, Tier

PATIENCE = 30.0
SPEC = GradingSpec(language="python", tests=())


class StubbornGrader:
    """Starts as it is told: an error for each time that it does not."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        if self.errors:
            raise self.errors.pop(0)

    def tier(self) -> Tier:
        return Tier.NAMESPACES

    async def grade(
        self,
        spec: GradingSpec,
        source: str | Mapping[str, str],
        on_outcome: Callable[[TestOutcome], None] | None = None,
    ) -> Grade:
        assert (spec, on_outcome) == (SPEC, None)
        raise SandboxDied(f"asked to grade {source}")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader_start, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(grader_start, "LONGEST_PAUSE", 0.004)


async def test_it_is_tried_until_it_starts() -> None:
    grader = StubbornGrader(LauncherFailed("no memory"), LauncherFailed("none yet"), LauncherFailed("still none"))
    starting = GraderStart(grader)
    assert not await starting.try_once()
    assert (starting.settled.is_set(), starting.refusal) == (False, "no memory")
    waiting = asyncio.create_task(starting.grade(SPEC, "x"))
    await asyncio.wait_for(starting.keep_trying(asyncio.Event()), PATIENCE)
    assert (grader.starts, starting.settled.is_set(), starting.refusal) == (4, True, None)
    with pytest.raises(SandboxDied, match="asked to grade x"):
        await asyncio.wait_for(waiting, PATIENCE)


@pytest.mark.parametrize("before", [0, 2])
async def test_a_refusal_is_final(before: int) -> None:
    grader = StubbornGrader(
        *(LauncherFailed("no memory") for _ in range(before)), IsolationUnavailable("no namespaces")
    )
    starting = GraderStart(grader)
    if not await starting.try_once():
        await asyncio.wait_for(starting.keep_trying(asyncio.Event()), PATIENCE)
    assert (grader.starts, starting.settled.is_set(), starting.refusal) == (before + 1, True, "no namespaces")


async def test_learners_hear_something_in_the_end_and_it_is_tried_on() -> None:
    grader = StubbornGrader(*(LauncherFailed("no memory") for _ in range(10 * PATIENT_TRIES)))
    starting = GraderStart(grader)
    assert not await starting.try_once()
    trying = asyncio.create_task(starting.keep_trying(asyncio.Event()))
    await asyncio.wait_for(starting.settled.wait(), PATIENCE)
    assert starting.refusal == "no memory"
    await asyncio.wait_for(trying, PATIENCE)
    assert (starting.refusal, grader.starts) == (None, 10 * PATIENT_TRIES + 1)


async def test_a_worker_that_stops_tries_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader_start, "FIRST_PAUSE", 3600.0)
    grader, stop = StubbornGrader(*(LauncherFailed("no memory") for _ in range(5))), asyncio.Event()
    starting = GraderStart(grader)
    assert not await starting.try_once()
    trying = asyncio.create_task(starting.keep_trying(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(trying, PATIENCE)
    assert grader.starts == 1


@pytest.mark.parametrize("settles", [True, False], ids=["then-it-starts", "then-the-worker-stops"])
async def test_programs_stay_in_the_queue_until_they_may_run(
    database: Database, settings: Settings, owner: asyncpg.Connection, *, settles: bool
) -> None:
    ran, sent = asyncio.Event(), asyncio.Event()

    async def run(_payload: Payload) -> None:
        ran.set()

    async def send(_payload: Payload) -> None:
        sent.set()

    async def waiting() -> int | None:
        return await owner.fetchval(
            "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'test.program' AND status = 'queued'"
        )

    async with database.write("learning") as session:
        await enqueue(session, "test.program", {})
        await enqueue(session, "test.letter", {})
    stop, may_run = asyncio.Event(), asyncio.Event()
    jobs = [Job("test.program", run, runs_programs=True), Job("test.letter", send)]
    working = asyncio.create_task(
        run_worker(database, settings, jobs=jobs, recurring=(), subscriptions=(), stop=stop, may_run=may_run)
    )
    await asyncio.wait_for(sent.wait(), PATIENCE)
    assert (await waiting(), ran.is_set()) == (1, False)
    if settles:
        may_run.set()
        await asyncio.wait_for(ran.wait(), PATIENCE)
    stop.set()
    await asyncio.wait_for(working, PATIENCE)
    assert ran.is_set() == settles
    await owner.execute("DELETE FROM ops.pgqueuer")
