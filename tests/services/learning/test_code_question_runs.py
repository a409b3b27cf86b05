"""Programs of questions whose worker dies, whose grader fails, or that somebody marks meanwhile: counted once, and never lost."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from codezest.grading import LanguageUnavailable
from codezest.kit.database import Database
from codezest.services.learning.actions.question_runs.begin_run import RunTask, begin_run
from codezest.services.learning.actions.question_runs.record_run import fail_run, forget_samples, record_run
from codezest.services.learning.retries import MAX_GRADING_ATTEMPTS
from codezest.services.learning.running_questions import enqueue_forgotten, lost_before, recurring, run_question
from factories.learning import MadePath, Shelf
from fixtures.scripted_grader import ScriptedGrader

from .conftest import Person, number
from .test_code_questions import KEY, hand_in, problem, quiz_of, read, start

ALL_RIGHT = "AC AC AC"


async def _waiting(
    teacher: Person, module: UUID, learner: Person, owner: asyncpg.Connection, code: str = ALL_RIGHT
) -> tuple[dict[str, Any], UUID]:
    """A handed-in attempt and the run that grades its answer."""
    attempt = await start(learner, await quiz_of(teacher, module, scoring="PARTIAL"))
    await hand_in(learner, attempt, code)
    run_id = await owner.fetchval("SELECT id FROM learning.question_runs WHERE attempt_id = $1", UUID(attempt["id"]))
    assert isinstance(run_id, UUID)
    return attempt, run_id


async def _begin(database: Database, run_id: UUID) -> RunTask:
    """What a worker does that dies right after."""
    async with database.write("learning") as session:
        task = await begin_run(session, run_id)
    assert task is not None
    return task


async def _jobs(owner: asyncpg.Connection, run_id: UUID) -> list[int]:
    rows = await owner.fetch(
        "SELECT payload FROM ops.pgqueuer WHERE entrypoint = 'learning.run_question' AND dedupe_key LIKE $1",
        f"learning.run_question:{run_id}:%",
    )
    return sorted(json.loads(row["payload"])["attempt"] for row in rows)


async def _queue(teacher: Person, path: MadePath) -> list[dict[str, Any]]:
    found = await teacher.get(f"/courses/{path.course_id}/grading?status=answers")
    assert found.status_code == 200, found.text
    return list(found.json()["attempts"])


async def test_two_workers_count_it_once(
    teacher: Person,
    module: UUID,
    learner: Person,
    owner: asyncpg.Connection,
    database: Database,
    grader: ScriptedGrader,
) -> None:
    attempt, run_id = await _waiting(teacher, module, learner, owner)
    assert not await lost_before(database, run_id, attempt=1)
    dead = await _begin(database, run_id)
    assert await lost_before(database, run_id, attempt=1)
    other = await _begin(database, run_id)
    grade = await grader.grade(other.spec, other.source)
    for task, stored in ((other, True), (dead, False)):
        async with database.write("learning") as session:
            assert await record_run(session, task, grade) is stored
    assert not await fail_run_of(database, run_id)
    await run_question(database, grader, run_id)
    assert len(grader.specs) == 1, "what is done is not run again"
    done = await read(learner, attempt)
    assert (done["status"], done["score"], done["points"]) == ("GRADED", 100, 4)
    told = "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.quiz_submitted' AND payload->>'attempt_id' = $1"
    assert await number(owner, told, attempt["id"]) == 1


async def fail_run_of(database: Database, run_id: UUID) -> bool:
    async with database.write("learning") as session:
        return await fail_run(session, run_id, "gave-up")


async def test_one_that_takes_its_workers_with_it_waits_for_a_person(
    teacher: Person,
    module: UUID,
    path: MadePath,
    learner: Person,
    owner: asyncpg.Connection,
    database: Database,
    grader: ScriptedGrader,
) -> None:
    attempt, run_id = await _waiting(teacher, module, learner, owner)
    assert await _queue(teacher, path) == [], "nobody is asked while a worker may still do it"
    for _time in range(MAX_GRADING_ATTEMPTS):
        await _begin(database, run_id)
    await run_question(database, grader, run_id)
    assert grader.specs == []
    review = (await read(learner, attempt))["questions"][0]["review"]
    assert (review["is_correct"], review["run"]["status"], bool(review["run"]["problem"])) == (None, "FAILED", True)
    (waiting,) = await _queue(teacher, path)
    assert (waiting["attempt_id"], waiting["waiting"]) == (attempt["id"], 1)
    question = attempt["questions"][0]["id"]
    marks = f"/attempts/{attempt['id']}/answers/{question}/marks"
    assert problem(await teacher.post(marks, {"points": 5})) == (422, "validation-failed")
    assert (await teacher.post(marks, {"points": 3, "comment": "Nearly."})).status_code == 201
    done = await read(learner, attempt)
    assert (done["status"], done["score"]) == ("GRADED", 75)
    assert await _queue(teacher, path) == []


async def test_a_mark_by_hand_stays(
    teacher: Person,
    module: UUID,
    learner: Person,
    owner: asyncpg.Connection,
    database: Database,
    grader: ScriptedGrader,
) -> None:
    attempt, run_id = await _waiting(teacher, module, learner, owner)
    task = await _begin(database, run_id)
    marks = f"/attempts/{attempt['id']}/answers/{attempt['questions'][0]['id']}/marks"
    assert (await teacher.post(marks, {"points": 1})).status_code == 201
    async with database.write("learning") as session:
        assert await record_run(session, task, await grader.grade(task.spec, task.source))
    done = await read(learner, attempt)
    review = done["questions"][0]["review"]
    assert (done["score"], review["points"], review["run"]["status"]) == (25, 1, "DONE")


async def test_our_failures_are_tried_again_and_refusals_are_not(
    teacher: Person,
    module: UUID,
    learner: Person,
    owner: asyncpg.Connection,
    database: Database,
    grader: ScriptedGrader,
) -> None:
    attempt, run_id = await _waiting(teacher, module, learner, owner, "AC WA AC")
    grader.failures = 1
    await run_question(database, grader, run_id)
    assert await _jobs(owner, run_id) == [1, 2]
    await run_question(database, grader, run_id, attempt=2)
    assert (await read(learner, attempt))["score"] == 50

    attempt, run_id = await _waiting(teacher, module, learner, owner)
    grader.failures, grader.failure = 1, LanguageUnavailable("no python here")
    await run_question(database, grader, run_id)
    review = (await read(learner, attempt))["questions"][0]["review"]
    assert (review["is_correct"], review["run"]["status"]) == (None, "FAILED")
    assert "not run on this server" in review["run"]["problem"]


async def test_a_forgotten_program_is_asked_for_again_and_tries_are_cleared_away(
    teacher: Person,
    module: UUID,
    learner: Person,
    owner: asyncpg.Connection,
    database: Database,
    grader: ScriptedGrader,
) -> None:
    _attempt, run_id = await _waiting(teacher, module, learner, owner)
    await owner.execute("DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.run_question'")
    await owner.execute(
        "UPDATE learning.question_runs SET requested_at = now() - interval '1 hour' WHERE id = $1", run_id
    )
    assert await enqueue_forgotten(database) == 1
    assert await _jobs(owner, run_id) == [1]
    assert await enqueue_forgotten(database) == 0

    attempt = await start(learner, await quiz_of(teacher, module))
    here = f"/attempts/{attempt['id']}/questions/{attempt['questions'][0]['id']}/run"
    assert (await learner.post(here, {"code": "WA"})).status_code == 202
    assert (await learner.post(here, {"code": "AC"})).status_code == 202
    (tried,) = await owner.fetch("SELECT id FROM learning.question_runs WHERE attempt_id = $1", UUID(attempt["id"]))
    await run_question(database, grader, tried["id"])
    assert (await learner.get(here)).json()["verdict"] == "AC", "the last one counts"
    await owner.execute("UPDATE learning.question_runs SET requested_at = now() - interval '2 days' WHERE id = $1", tried["id"])  # fmt: skip
    async with database.write("learning") as session:
        assert await forget_samples(session) == 1
    assert problem(await learner.get(here)) == (404, "not-found")
    assert {one.name for one in recurring(database)} == {
        "learning.enqueue_forgotten_questions",
        "learning.forget_samples",
    }


async def test_too_many_programs_wait(
    teacher: Person, module: UUID, shelf: Shelf, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt = await start(learner, await quiz_of(teacher, module))
    assignment = await shelf.assignment(module, tests=[{"name": "one", "expected": "1"}])
    await owner.execute(
        """INSERT INTO learning.submissions (user_id, assignment_id, purpose, code, language, turn)
           SELECT $1, $2, 'RUN', 'x', 'python', n FROM generate_series(1, 50) n""",
        learner.id,
        assignment,
    )
    here = f"/attempts/{attempt['id']}/questions/{attempt['questions'][0]['id']}/run"
    assert problem(await learner.post(here, {"code": "AC"})) == (429, "too-many-submissions")
    await owner.execute("DELETE FROM learning.submissions WHERE user_id = $1", learner.id)


async def test_a_key_without_visible_tests_has_nothing_to_try(teacher: Person, module: UUID, learner: Person) -> None:
    key = {**KEY, "tests": [{**test, "visible": False} for test in KEY["tests"]]}
    attempt = await start(learner, await quiz_of(teacher, module, key))
    here = f"/attempts/{attempt['id']}/questions/{attempt['questions'][0]['id']}/run"
    assert problem(await learner.post(here, {"code": "AC"})) == (409, "nothing-to-run")
