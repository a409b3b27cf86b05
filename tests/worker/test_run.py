"""The worker: retries what fails, survives its connection, finishes what it began when told to stop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, Recurring, enqueue
from codezest.kit.settings import Settings
from codezest.worker.run import MAX_JOBS_AT_ONCE, run_worker

PATIENCE = 30.0


@asynccontextmanager
async def _working(
    database: Database, settings: Settings, *jobs: Job, recurring: tuple[Recurring, ...] = ()
) -> AsyncGenerator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        run_worker(database, settings, jobs=jobs, recurring=recurring, subscriptions=(), stop=stop)
    )
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


async def _ask(database: Database, name: str, number: int = 0) -> None:
    async with database.write("learning") as session:
        await enqueue(session, name, {"number": number})


async def test_a_failing_job_is_tried_again(database: Database, settings: Settings) -> None:
    tries: list[int] = []
    done = asyncio.Event()

    async def flaky(payload: Payload) -> None:
        tries.append(payload["number"])
        if len(tries) < 2:
            raise RuntimeError("not yet")
        done.set()

    await _ask(database, "test.flaky", 7)
    async with _working(database, settings, Job("test.flaky", flaky)):
        await asyncio.wait_for(done.wait(), PATIENCE)
    assert tries == [7, 7]


async def test_a_failure_is_logged_whatever_the_payload_is_called(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()
    tries = 0

    async def flaky(_payload: Payload) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("the true reason")
        done.set()

    async with database.write("learning") as session:
        await enqueue(session, "test.again", {"attempt": 2, "job": "x", "event": "y"})
    async with _working(database, settings, Job("test.again", flaky)):
        await asyncio.wait_for(done.wait(), PATIENCE)
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info and "job_failed" in str(record.msg)]
    assert [str(error) for error in logged] == ["the true reason"]


async def test_a_job_that_never_succeeds_is_parked(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    async def hopeless(_payload: Payload) -> None:
        raise RuntimeError("never")

    await _ask(database, "test.hopeless")
    async with _working(database, settings, Job("test.hopeless", hopeless, max_attempts=0)):
        async with asyncio.timeout(PATIENCE):
            while (
                await owner.fetchval("SELECT status::text FROM ops.pgqueuer WHERE entrypoint = 'test.hopeless'")
                != "failed"
            ):
                await asyncio.sleep(0.05)


async def test_work_goes_on_after_the_connection_is_lost(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    seen: asyncio.Queue[int] = asyncio.Queue()

    async def note(payload: Payload) -> None:
        await seen.put(payload["number"])

    async with _working(database, settings, Job("test.note", note)):
        await _ask(database, "test.note", 1)
        assert await asyncio.wait_for(seen.get(), PATIENCE) == 1
        await owner.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'codezest-ops-listen' AND datname = current_database()"""
        )
        await _ask(database, "test.note", 2)
        assert await asyncio.wait_for(seen.get(), PATIENCE) == 2


async def test_a_job_under_way_is_finished_before_the_worker_stops(database: Database, settings: Settings) -> None:
    begun, finished = asyncio.Event(), asyncio.Event()

    async def slow(_payload: Payload) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        finished.set()

    await _ask(database, "test.slow")
    async with _working(database, settings, Job("test.slow", slow)) as stop:
        await asyncio.wait_for(begun.wait(), PATIENCE)
        stop.set()
    assert finished.is_set()


async def test_a_higher_priority_goes_first(database: Database, settings: Settings) -> None:
    order: list[int] = []
    done = asyncio.Event()

    async def note(payload: Payload) -> None:
        order.append(payload["number"])
        if len(order) == 3:
            done.set()

    async with database.write("learning") as session:
        for number, priority in ((3, 0), (2, 5), (1, 10)):
            await enqueue(session, "test.ordered", {"number": number}, priority=priority)
    async with _working(database, settings, Job("test.ordered", note)):
        await asyncio.wait_for(done.wait(), PATIENCE)
    assert order == [1, 2, 3]


async def test_programs_are_taken_only_as_they_can_be_run(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    begun: asyncio.Queue[int] = asyncio.Queue()
    gates = [asyncio.Event() for _ in range(5)]
    letter = asyncio.Event()

    async def run(payload: Payload) -> None:
        await begun.put(payload["number"])
        await gates[payload["number"]].wait()

    async def send(_payload: Payload) -> None:
        letter.set()

    async def picked() -> int | None:
        return await owner.fetchval(
            "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'test.program' AND status = 'picked'"
        )

    for number in range(4):
        await _ask(database, "test.program", number)
    two_at_once = settings.model_copy(update={"worker_concurrency": 2})
    program, letters = Job("test.program", run, runs_programs=True), Job("test.letter", send)
    async with asyncio.timeout(PATIENCE), _working(database, two_at_once, program, letters):
        assert [await begun.get() for _ in range(3)] == [0, 1, 2]
        await _ask(database, "test.letter")
        await letter.wait()
        async with database.write("learning") as session:
            await enqueue(session, "test.program", {"number": 4}, priority=5)
        assert (await picked(), begun.empty()) == (3, True)
        gates[1].set()
        assert await begun.get() == 4
        for gate in gates:
            gate.set()
        assert await begun.get() == 3


async def test_jobs_in_bulk_keep_nothing_from_being_done(database: Database, settings: Settings) -> None:
    """However many there are: a letter goes, and so does a program."""
    gate, begun = asyncio.Event(), asyncio.Event()
    done = {"test.letter": asyncio.Event(), "test.urgent": asyncio.Event()}

    async def grind(_payload: Payload) -> None:
        begun.set()
        await gate.wait()

    async def finish(payload: Payload) -> None:
        done[("test.letter", "test.urgent")[payload["number"]]].set()

    for number in range(MAX_JOBS_AT_ONCE + 4):
        await _ask(database, "test.bulk", number)
    jobs = (
        Job("test.bulk", grind, in_bulk=True),
        Job("test.letter", finish),
        Job("test.urgent", finish, runs_programs=True),
    )
    async with asyncio.timeout(PATIENCE), _working(database, settings, *jobs):
        await begun.wait()
        await _ask(database, "test.letter", 0)
        await _ask(database, "test.urgent", 1)
        for finished in done.values():
            await finished.wait()
        gate.set()


@pytest.mark.slow
async def test_what_recurs_is_done(database: Database, settings: Settings) -> None:
    done = asyncio.Event()

    async def tick() -> None:
        done.set()

    async with _working(database, settings, recurring=(Recurring("test.tick", "* * * * * */1", tick),)):
        await asyncio.wait_for(done.wait(), PATIENCE)
