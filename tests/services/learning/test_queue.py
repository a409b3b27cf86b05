"""The queue of programs: fair among learners, nobody starves, and whoever waits sees where they stand."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit import jobs as queue
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.kit.turns import Turns
from codezest.services.learning import jobs as learning_jobs
from codezest.services.learning import rules
from codezest.services.learning.jobs import grade_submission
from codezest.worker.run import run_worker
from codezest_sandbox import IsolationUnavailable
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, client_for
from fixtures.scripted_grader import ScriptedGrader

from .conftest import People, Person, problem, read_submission, submit

PATIENCE = 30.0
WAITING = """
SELECT split_part(dedupe_key, ':', 2)::uuid FROM ops.pgqueuer
WHERE entrypoint = 'learning.grade' AND status = 'queued' ORDER BY priority DESC, id"""


@pytest.fixture(autouse=True)
async def empty(owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM ops.pgqueuer")
    await owner.execute(
        """UPDATE learning.submissions SET status = 'FAILED', graded_at = now()
           WHERE status IN ('PENDING', 'RUNNING')"""
    )


async def _waiting(owner: asyncpg.Connection) -> list[str]:
    return [str(row[0]) for row in await owner.fetch(WAITING)]


async def _begin(owner: asyncpg.Connection) -> str:
    """What a worker does with its next job."""
    first = (await _waiting(owner))[0]
    await owner.execute("DELETE FROM ops.pgqueuer WHERE dedupe_key LIKE $1", f"learning.grade:{first}:%")
    await owner.execute("UPDATE learning.submissions SET status = 'RUNNING', started_at = now() WHERE id = $1", first)
    return first


async def _end(owner: asyncpg.Connection, submission: str, seconds: float = 2.0) -> None:
    await owner.execute(
        """UPDATE learning.submissions
           SET status = 'FAILED', graded_at = now(), started_at = now() - make_interval(secs => $2) WHERE id = $1""",
        submission, seconds,
    )  # fmt: skip


async def _flood(who: Person, assignment: UUID, programs: int = rules.MAX_UNFINISHED) -> list[str]:
    return [await submit(who, assignment, "AC AC") for _ in range(programs)]


async def test_many_of_one_learner_stand_behind_the_first_of_another(
    assignment: UUID, path: MadePath, learner: Person, person: People, owner: asyncpg.Connection
) -> None:
    many = await _flood(learner, assignment)
    second, third = await person(enrolled=path), await person(enrolled=path)
    one, other = await submit(second, assignment, "AC AC"), await submit(third, assignment, "AC AC")
    again = await submit(second, assignment, "AC AC")
    assert await _waiting(owner) == [many[0], one, other, many[1], again, *many[2:]]


async def test_whoever_comes_while_others_run_is_next(
    assignment: UUID, path: MadePath, learner: Person, person: People, owner: asyncpg.Connection
) -> None:
    many = await _flood(learner, assignment)
    for done in range(5):
        assert await _begin(owner) == many[done]
        await _end(owner, many[done])
    assert await _begin(owner) == many[5]
    newcomer = await submit(await person(enrolled=path), assignment, "AC AC")
    assert await _waiting(owner) == [newcomer, *many[6:]]


async def test_nobody_starves_behind_those_who_always_come_again(
    assignment: UUID, path: MadePath, learner: Person, person: People, owner: asyncpg.Connection
) -> None:
    many = await _flood(learner, assignment, 6)
    regulars: dict[str, Person] = {}
    for _ in range(3):
        regular = await person(enrolled=path)
        regulars[await submit(regular, assignment, "AC AC")] = regular
    served: list[str] = []
    while not set(many) <= set(served):
        running = await _begin(owner)
        if running in regulars:
            regular = regulars.pop(running)
            await _end(owner, running)
            regulars[await submit(regular, assignment, "AC AC")] = regular
        else:
            await _end(owner, running)
        served.append(running)
        assert len(served) <= len(many) * (1 + len(regulars)), "a round has one program of each"
    assert [one for one in served if one in many] == many


async def test_working_alone_costs_nothing_later(
    assignment: UUID, path: MadePath, learner: Person, person: People, owner: asyncpg.Connection
) -> None:
    for _ in range(4):
        await submit(learner, assignment, "AC AC")
        await _end(owner, await _begin(owner))
    newcomer = await person(enrolled=path)
    theirs = await _flood(newcomer, assignment, 3)
    mine = await submit(learner, assignment, "AC AC")
    assert (await _waiting(owner)).index(mine) == 2
    assert await _waiting(owner) == [theirs[0], theirs[1], mine, theirs[2]]


async def test_a_further_attempt_keeps_its_turn(
    assignment: UUID, learner: Person, database: Database, owner: asyncpg.Connection, grader: ScriptedGrader
) -> None:
    many = await _flood(learner, assignment, 3)
    grader.failures = 1
    await grade_submission(database, grader, UUID(many[0]))
    await owner.execute("DELETE FROM ops.pgqueuer WHERE dedupe_key = $1", f"learning.grade:{many[0]}:1")
    assert await _waiting(owner) == many
    await owner.execute("DELETE FROM ops.pgqueuer")
    await owner.execute(
        "UPDATE learning.submissions SET submitted_at = now() - interval '1 hour' WHERE status = 'PENDING'"
    )
    await learning_jobs.enqueue_forgotten(database)
    assert (await _waiting(owner))[-2:] == many[1:]


def test_programs_go_before_bulk_and_after_short_work() -> None:
    turns = [queue.in_turn(turn) for turn in (0, 1, 2, 2**31 - 1)]
    assert turns == sorted(turns, reverse=True)
    assert queue.INTERACTIVE > turns[0] > turns[1] > turns[2]
    assert turns[-1] > queue.ROUTINE > queue.BULK
    assert queue.INTERACTIVE < 2**31


async def test_a_worker_lets_a_newcomer_in_after_one_program(
    assignment: UUID, path: MadePath, learner: Person, person: People, database: Database, settings: Settings,
    owner: asyncpg.Connection, grader: ScriptedGrader,
) -> None:  # fmt: skip
    grader.gate = asyncio.Event()
    one_at_once = settings.model_copy(update={"worker_concurrency": 1})
    many = await _flood(learner, assignment, 8)
    stop = asyncio.Event()
    (job,) = [job for job in learning_jobs.jobs(database, one_at_once, grader) if job.name == "learning.grade"]
    worker = asyncio.create_task(
        run_worker(database, one_at_once, jobs=[job], recurring=(), subscriptions=(), stop=stop)
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while len(grader.specs) < 2:
                await asyncio.sleep(0.02)
            newcomer = await submit(await person(enrolled=path), assignment, "AC AC")
            queued = await owner.fetch(
                "SELECT id, status, split_part(dedupe_key, ':', 2) AS submission FROM ops.pgqueuer"
            )
            assert sorted(row["submission"] for row in queued if row["status"] == "picked") == sorted(many[:2])
            grader.gate.set()
            while await owner.fetchval(
                "SELECT count(*) FROM learning.submissions WHERE status IN ('PENDING', 'RUNNING')"
            ):
                await asyncio.sleep(0.02)
    finally:
        stop.set()
        await asyncio.wait_for(worker, PATIENCE)
    # Two run at a time, and of those either may start first: the order is the one in which they were taken.
    submissions = {row["id"]: row["submission"] for row in queued}
    taken = await owner.fetch(
        "SELECT job_id FROM ops.pgqueuer_log WHERE status = 'picked' AND job_id = ANY($1) ORDER BY id",
        list(submissions),
    )
    assert [submissions[row["job_id"]] for row in taken] == [*many[:2], newcomer, *many[2:]]


async def test_programs_of_bulk_wait_while_anybody_waits() -> None:
    turns, order = Turns(1), list[str]()

    async def run(name: str, *, urgent: bool) -> None:
        async with turns.urgent() if urgent else turns.patient():
            order.append(name)
            await asyncio.sleep(0)

    async with turns.patient():
        tasks = [asyncio.create_task(run(f"bulk {number}", urgent=False)) for number in range(2)]
        tasks += [asyncio.create_task(run(f"person {number}", urgent=True)) for number in range(2)]
        gone = asyncio.create_task(run("person who leaves", urgent=True))
        await asyncio.sleep(0.01)
        gone.cancel()
        assert order == []
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
    assert sorted(order[:2]) == ["person 0", "person 1"]
    assert len(order) == 4


@pytest.mark.parametrize(("places", "in_bulk"), [(1, 1), (2, 1), (3, 1), (5, 3)])
async def test_programs_of_bulk_leave_room_for_whoever_comes(places: int, in_bulk: int) -> None:
    """However long they take."""
    turns, gate, running = Turns(places), asyncio.Event(), list[int]()

    async def grind(number: int) -> None:
        async with turns.patient():
            running.append(number)
            await gate.wait()

    tasks = [asyncio.create_task(grind(number)) for number in range(8)]
    await asyncio.sleep(0.01)
    assert len(running) == in_bulk
    for _ in range(3 if places > 1 else 0):
        async with asyncio.timeout(PATIENCE), turns.urgent():
            pass
    gate.set()
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
    assert len(running) == 8


async def test_whoever_waits_sees_place_and_expected_wait(
    shelf: Shelf, module: UUID, path: MadePath, learner: Person, person: People, owner: asyncpg.Connection
) -> None:
    assignment = await shelf.assignment(module, tests=[{"name": "one"}, {"name": "two", "visible": False}])
    await owner.execute("UPDATE learning.submissions SET started_at = NULL")
    first, *others = await _flood(learner, assignment, 4)
    unknown = await read_submission(learner, others[-1])
    assert unknown.queue is not None
    assert (unknown.queue.position, unknown.queue.expected_wait_seconds) == (4, None)
    await _end(owner, await _begin(owner), seconds=10)
    running = await _begin(owner)
    found = [(await read_submission(learner, one)).queue for one in (first, running, *others[1:])]
    assert found[:2] == [None, None]
    places = [place for place in found if place is not None]
    assert [(place.position, place.expected_wait_seconds) for place in places] == [(1, 10), (2, 20)]
    newcomer = await submit(other := await person(enrolled=path), assignment, "AC AC")
    assert await _begin(owner) == newcomer
    assert (await read_submission(other, newcomer)).queue is None
    last = (await read_submission(learner, others[-1])).queue
    assert last is not None
    assert (last.position, last.expected_wait_seconds) == (2, 10), "two run at once"


async def test_the_page_says_where_a_program_stands_without_scripts(
    application: Application, shelf: Shelf, path: MadePath, assignment: UUID, make_user: MakeUser, learner: Person
) -> None:
    await _flood(learner, assignment, 1)
    user = await make_user()
    await shelf.enroll(path, user.id)
    async with client_for(application, headers=user.headers) as client:
        sent = await client.post(f"/api/v1/assignments/{assignment}/submissions", json={"code": "AC AC"})
        page = await client.get(f"/submissions/{sent.json()['id']}")
        assert "Number 2 in the queue." in page.text
        fragment = await client.get(f"/submissions/{sent.json()['id']}/panel")
        assert "Number 2 in the queue." in fragment.text


async def test_event_streams_of_one_account_are_bounded(
    assignment: UUID, path: MadePath, learner: Person, person: People, database: Database, application: Application
) -> None:
    resources = application.edge.resources
    assert resources is not None
    submission = await submit(learner, assignment, "AC AC")
    other = await person(enrolled=path)
    theirs = await submit(other, assignment, "AC AC")
    open_streams = [asyncio.create_task(learner.get(f"/submissions/{submission}/events")) for _ in range(20)]
    async with asyncio.timeout(PATIENCE):
        while len(resources.submissions._subscribers.get(submission, ())) < 20:
            await asyncio.sleep(0.01)
    refused = await learner.get(f"/submissions/{submission}/events")
    assert problem(refused) == (429, "too-many-requests")
    assert "event streams" in refused.json()["detail"]
    assert refused.headers["retry-after"] == "5"
    await grade_submission(database, ScriptedGrader(), UUID(theirs))
    assert (await other.get(f"/submissions/{theirs}/events")).status_code == 200
    await grade_submission(database, ScriptedGrader(), UUID(submission))
    assert {answer.status_code for answer in await asyncio.gather(*open_streams)} == {200}
    assert (await learner.get(f"/submissions/{submission}/events")).status_code == 200


async def test_refused_grading_still_gives_the_turn_back(
    assignment: UUID, learner: Person, database: Database, grader: ScriptedGrader
) -> None:
    grader.failures, grader.failure = 1, IsolationUnavailable("no namespaces")
    submission = await submit(learner, assignment, "AC AC")
    await grade_submission(database, grader, UUID(submission))
    assert (await read_submission(learner, submission)).queue is None
