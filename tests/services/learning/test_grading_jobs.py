"""The grading job: once only, never lost, told as it goes."""

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.grading import LanguageUnavailable, TestOutcome
from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.services.learning.actions.begin_grading import begin_grading
from codezest.services.learning.actions.record_grade import record_grade
from codezest.services.learning.actions.submit_solution import submit_solution
from codezest.services.learning.jobs import (
    BROKEN_EXERCISE,
    GAVE_UP,
    LANGUAGE_MISSING,
    NO_TESTS,
    REFUSED,
    enqueue_forgotten,
    grade_submission,
    outcome_message,
    recurring,
)
from codezest.services.learning.receipts import Signer
from codezest.services.learning.retries import MAX_GRADING_ATTEMPTS
from codezest_db.enums import Role, SubmissionStatus, Verdict
from codezest_sandbox import IsolationUnavailable
from factories.learning import MadePath, Shelf
from fixtures.scripted_grader import ScriptedGrader

from .conftest import Person, number

SIGNER = Signer(bytes(32))
TESTS = [
    {"name": "one", "expected": "1"},
    {"name": "two", "expected": "2", "stdin": "MARKER", "visible": False, "kind_of_case": "Something else."},
]


@pytest.fixture
async def assignment(shelf: Shelf, path: MadePath) -> UUID:
    return await shelf.assignment(await shelf.module(path), tests=TESTS)


async def _submit(database: Database, learner: Person, assignment: UUID, code: str) -> UUID:
    async with database.write("learning") as session:
        actor = Actor(user_id=learner.id, role=Role.STUDENT)
        return (await submit_solution(session, actor, assignment, code, signer=SIGNER)).id


async def _graded_events(owner: asyncpg.Connection, submission: UUID) -> int:
    return await number(
        owner,
        """SELECT count(*) FROM ops.outbox WHERE topic = 'learning.solution_graded'
           AND payload->>'submission_id' = $1""",
        str(submission),
    )


async def test_running_a_job_twice_changes_nothing_twice(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    grader = ScriptedGrader()
    await grade_submission(database, grader, submission)
    first = (await learner.get(f"/submissions/{submission}")).json()
    await grade_submission(database, grader, submission)
    assert (await learner.get(f"/submissions/{submission}")).json() == first
    assert len(grader.specs) == 1
    assert await _graded_events(owner, submission) == 1


async def test_two_workers_with_one_submission_store_one_result(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    graders = [ScriptedGrader() for _ in range(4)]
    gate = asyncio.Event()
    for grader in graders:
        grader.gate = gate
    running = [asyncio.create_task(grade_submission(database, grader, submission)) for grader in graders]
    while not all(grader.specs for grader in graders):
        await asyncio.sleep(0.01)
    gate.set()
    await asyncio.gather(*running)
    results = await owner.fetchval(
        "SELECT count(*) FROM learning.submission_test_results WHERE submission_id = $1", submission
    )
    assert (results, await _graded_events(owner, submission)) == (2, 1)


async def test_a_job_begun_by_a_dead_worker_is_finished_by_the_next(
    database: Database, learner: Person, assignment: UUID
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    async with database.write("learning") as session:
        assert await begin_grading(session, submission) is not None
    assert (await learner.get(f"/submissions/{submission}")).json()["status"] == "RUNNING"
    await grade_submission(database, ScriptedGrader(), submission)
    assert (await learner.get(f"/submissions/{submission}")).json()["status"] == "PASSED"


async def test_a_result_replaces_half_a_result(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    await owner.execute(
        """INSERT INTO learning.submission_test_results (submission_id, position, name, verdict, visible)
           VALUES ($1, 0, 'stale', 'WA', true), ($1, 7, 'stale', 'WA', true)""",
        submission,
    )
    await grade_submission(database, ScriptedGrader(), submission)
    assert [test["name"] for test in (await learner.get(f"/submissions/{submission}")).json()["tests"]] == [
        "one",
        "two",
    ]


async def test_where_nothing_can_be_isolated_nothing_is_run_and_the_learner_is_told(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    grader = ScriptedGrader()
    grader.failures, grader.failure = 1, IsolationUnavailable("user namespaces are switched off")
    await grade_submission(database, grader, submission)
    shown = (await learner.get(f"/submissions/{submission}")).json()
    assert (shown["status"], shown["verdict"], shown["feedback"]) == ("ERROR", "IE", REFUSED)
    assert "namespaces" not in str(shown)
    assert await _tries(owner, submission) == 0


async def test_a_language_that_is_not_there_is_told_at_once(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    grader = ScriptedGrader()
    grader.failures, grader.failure = 1, LanguageUnavailable("there is no compiler in /usr/bin")
    await grade_submission(database, grader, submission)
    shown = (await learner.get(f"/submissions/{submission}")).json()
    assert (shown["status"], shown["verdict"], shown["feedback"]) == ("ERROR", "IE", LANGUAGE_MISSING)
    assert await _tries(owner, submission) == 0


async def test_a_broken_exercise_is_not_tried_again(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC IE")
    grader = ScriptedGrader()
    grader.author_fault = True
    await grade_submission(database, grader, submission)
    shown = (await learner.get(f"/submissions/{submission}")).json()
    assert (shown["status"], shown["feedback"]) == ("ERROR", BROKEN_EXERCISE)
    assert await _tries(owner, submission) == 0


async def _tries(owner: asyncpg.Connection, submission: UUID) -> int:
    """How many further attempts are queued."""
    found = await owner.fetchval("SELECT count(*) FROM ops.pgqueuer WHERE dedupe_key LIKE $1", f"%{submission}:2")
    assert found is not None
    return found


async def test_our_own_failure_is_tried_again_and_then_admitted(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC IE")
    grader = ScriptedGrader()
    grader.failures = 1
    for attempt in range(1, MAX_GRADING_ATTEMPTS + 1):
        assert (await learner.get(f"/submissions/{submission}")).json()["status"] in {"PENDING", "RUNNING"}
        await grade_submission(database, grader, submission, attempt=attempt)
        queued = await owner.fetchrow(
            "SELECT payload, execute_after > now() AS later FROM ops.pgqueuer WHERE dedupe_key = $1",
            f"learning.grade:{submission}:{attempt + 1}",
        )
        if attempt == MAX_GRADING_ATTEMPTS:
            assert queued is None
        else:
            assert queued is not None
            assert queued["later"]
            assert json.loads(queued["payload"]) == {"submission_id": str(submission), "attempt": attempt + 1}
    shown = (await learner.get(f"/submissions/{submission}")).json()
    assert (shown["status"], shown["verdict"], shown["score"], shown["feedback"]) == ("ERROR", "IE", 0, GAVE_UP)
    assert await _graded_events(owner, submission) == 1


async def test_a_failure_that_passes_leaves_no_trace(database: Database, learner: Person, assignment: UUID) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    grader = ScriptedGrader()
    grader.failures = 1
    await grade_submission(database, grader, submission)
    await grade_submission(database, grader, submission, attempt=2)
    assert (await learner.get(f"/submissions/{submission}")).json()["status"] == "PASSED"


async def test_nothing_passes_without_tests(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    await owner.execute("DELETE FROM learning.assignment_tests WHERE assignment_id = $1", assignment)
    grader = ScriptedGrader()
    await grade_submission(database, grader, submission)
    shown = (await learner.get(f"/submissions/{submission}")).json()
    assert (shown["status"], shown["score"], shown["feedback"], grader.specs) == ("ERROR", 0, NO_TESTS, [])


async def test_a_submission_that_is_gone_is_no_error(database: Database) -> None:
    grader = ScriptedGrader()
    await grade_submission(database, grader, UUID(int=7))
    assert grader.specs == []


async def test_forgotten_submissions_get_a_job_again(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    forgotten = await _submit(database, learner, assignment, "AC AC")
    waiting = await _submit(database, learner, assignment, "AC AC")
    fresh = await _submit(database, learner, assignment, "AC AC")
    finished = await _submit(database, learner, assignment, "AC AC")
    await grade_submission(database, ScriptedGrader(), finished)
    await owner.execute("DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.grade' AND dedupe_key <> $1",
                        f"learning.grade:{waiting}:1")  # fmt: skip
    await owner.execute(
        "UPDATE learning.submissions SET submitted_at = now() - interval '3 minutes' WHERE id = ANY($1)",
        [forgotten, waiting, finished],
    )
    await owner.execute(
        "UPDATE learning.submissions SET submitted_at = now() + interval '1 minute' WHERE id = $1", fresh
    )
    (task,) = [task for task in recurring(database) if task.name == "learning.enqueue_forgotten"]
    await task.handler()
    keys = await owner.fetch("SELECT dedupe_key FROM ops.pgqueuer WHERE dedupe_key = ANY($1)",
                             [f"learning.grade:{one}:1" for one in (forgotten, waiting, fresh, finished)])  # fmt: skip
    assert sorted(row[0] for row in keys) == sorted(f"learning.grade:{one}:1" for one in (forgotten, waiting))
    assert await enqueue_forgotten(database) == 0


async def test_no_transaction_is_open_while_a_program_runs(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    grader = ScriptedGrader()
    grader.gate = asyncio.Event()
    running = asyncio.create_task(grade_submission(database, grader, submission))
    while not grader.specs:
        await asyncio.sleep(0.01)
    open_transactions = await owner.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    grader.gate.set()
    await running
    assert open_transactions == 0


def _parse(raw: bytes) -> list[tuple[str, Any]]:
    events: list[tuple[str, Any]] = []
    for block in raw.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if lines:
            events.append((lines["event"], json.loads(lines["data"])))
    return events


async def test_events_follow_a_submission_to_its_verdict(
    database: Database, application: Application, learner: Person, assignment: UUID
) -> None:
    resources = application.edge.resources
    assert resources is not None
    submission = await _submit(database, learner, assignment, "WA AC")
    grader = ScriptedGrader()
    grader.gate = asyncio.Event()
    stream = asyncio.create_task(learner.get(f"/submissions/{submission}/events", headers={"Last-Event-ID": "7"}))
    while str(submission) not in resources.submissions._subscribers:
        await asyncio.sleep(0.01)
    grading = asyncio.create_task(grade_submission(database, grader, submission))
    while not grader.specs:
        await asyncio.sleep(0.01)
    grader.gate.set()
    await grading
    response = await stream
    assert response.headers["content-type"].startswith("text/event-stream")
    assert b"MARKER" not in response.content
    events = _parse(response.content)
    kind, first = events[0]
    place = first.pop("queue")
    assert (kind, first) == ("status", {"status": "PENDING", "done": 0, "total": 2})
    assert place["position"] >= 1
    tests = [data for name, data in events if name == "test"]
    assert [(test["name"], test["verdict"]) for test in tests] == [("one", "WA"), ("two", "AC")]
    assert tests[0]["stdout"] == "visible output"
    assert set(tests[1]) == {
        "index", "done", "total", "name", "verdict", "points", "max_points", "visible", "kind_of_case"}  # fmt: skip
    assert events[-1] == ("final", (await learner.get(f"/submissions/{submission}")).json())
    assert [name for name, _ in events].count("final") == 1


async def test_events_of_a_finished_submission_are_its_result(
    database: Database, learner: Person, assignment: UUID
) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    await grade_submission(database, ScriptedGrader(), submission)
    events = _parse((await learner.get(f"/submissions/{submission}/events")).content)
    assert [name for name, _ in events] == ["status", "final"]


async def test_events_survive_lost_messages(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "codezest.services.learning.routes.submission_events"
    monkeypatch.setattr(f"{module}.SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(f"{module}.HEARTBEAT_SECONDS", 0.05)
    submission = await _submit(database, learner, assignment, "AC AC")
    stream = asyncio.create_task(learner.get(f"/submissions/{submission}/events"))
    await asyncio.sleep(0.3)
    await owner.execute(
        "UPDATE learning.submissions SET status = 'PASSED', score = 100, graded_at = now() WHERE id = $1", submission
    )
    response = await stream
    assert b": still here" in response.content
    assert _parse(response.content)[-1][1]["status"] == "PASSED"


async def test_an_endless_wait_ends(
    database: Database, learner: Person, assignment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "codezest.services.learning.routes.submission_events"
    monkeypatch.setattr(f"{module}.SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(f"{module}.LONGEST_SECONDS", 0.1)
    submission = await _submit(database, learner, assignment, "AC AC")
    events = _parse((await learner.get(f"/submissions/{submission}/events")).content)
    assert [name for name, _ in events] == ["status"]


async def test_a_flood_of_output_fits_into_a_message(database: Database, learner: Person, assignment: UUID) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    async with database.write("learning") as session:
        task = await begin_grading(session, submission)
    assert task is not None
    flood = TestOutcome(
        index=0, name="one", verdict=Verdict.WA, points=0, max_points=1, time_ms=1, memory_kb=1, visible=True,
        stdout="🐍" * 100_000, stderr="e" * 50, message="short",
    )  # fmt: skip
    message = outcome_message(task, flood, done=1, total=2)
    assert len(json.dumps(message)) <= 7_000
    assert (message["stdout"][:3], message["message"]) == ("🐍🐍🐍", "short")


async def test_recording_twice_says_so(database: Database, learner: Person, assignment: UUID) -> None:
    submission = await _submit(database, learner, assignment, "AC AC")
    async with database.write("learning") as session:
        task = await begin_grading(session, submission)
    assert task is not None
    grade = await ScriptedGrader().grade(task.spec, task.source)
    for expected in (True, False):
        async with database.write("learning") as session:
            assert await record_grade(session, task, grade) is expected
    assert grade.status is SubmissionStatus.PASSED
