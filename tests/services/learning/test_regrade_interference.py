"""What happens to a regrade when something else happens meanwhile."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.regrade.grade_result import (
    CHANGED_AGAIN,
    MAX_ATTEMPTS,
    NOT_RUN,
    NextStep,
    load_harness,
    take_next,
)
from codezest.services.learning.jobs import grade_submission, resume_regrades
from codezest.services.learning.regrading import regrade_some
from codezest_sandbox import IsolationUnavailable
from factories.learning import MadePath

from .conftest import Person, number, problem, submit
from .regrading import NEW, OLD, Drain, Graded, Regrader, begin, change_tests, events, percents, read, shown


async def test_submissions_graded_while_it_is_applied_lose_nothing(
    database: Database, teacher: Person, learner: Person, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    regrader: Regrader, owner: asyncpg.Connection,
) -> None:  # fmt: skip
    for _ in range(3):
        await graded(learner, "one=AC two=AC three=WA")
    await change_tests(teacher, exercise, [*OLD, {"name": "three", "expected": "3"}])
    begun = await begin(teacher, exercise)
    await drain()
    waiting = [await submit(learner, exercise, "one=AC two=AC three=AC") for _ in range(5)]
    applied, _ = await asyncio.gather(
        teacher.post(f"/regrades/{begun['id']}/apply"),
        asyncio.gather(*(grade_submission(database, regrader, UUID(submission)) for submission in waiting)),
    )
    assert applied.status_code == 200, applied.text
    assert {(await shown(learner, submission))["status"] for submission in waiting} == {"PASSED"}
    assert await percents(owner, learner, path) == (100, 100)


async def test_tests_changed_after_the_preview_make_it_stale(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain
) -> None:
    submission = await graded(learner, "one=WA two=AC")
    before = await shown(learner, submission)
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    await change_tests(teacher, exercise, NEW[:1])
    assert problem(await teacher.post(f"/regrades/{begun['id']}/apply")) == (409, "regrade-stale")
    assert await shown(learner, submission) == before
    second = await begin(teacher, exercise)
    assert second["id"] != begun["id"]
    assert (await read(teacher, begun))["status"] == "CANCELLED"


async def test_tests_changed_while_grading_end_the_regrade(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain
) -> None:
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await change_tests(teacher, exercise, NEW[:1])
    await drain()
    failed = await read(teacher, begun)
    assert (failed["status"], failed["failure"], failed["counts"]["graded"]) == ("FAILED", CHANGED_AGAIN, 0)


async def test_asking_twice_finds_the_one_under_way(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, owner: asyncpg.Connection
) -> None:
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    found = await asyncio.gather(*(begin(teacher, exercise) for _ in range(4)))
    assert len({regrade["id"] for regrade in found}) == 1
    assert await number(owner, "SELECT count(*) FROM learning.regrades WHERE assignment_id = $1", exercise) == 1
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(
            """INSERT INTO learning.regrades (assignment_id, reason, spec_sha256)
               SELECT assignment_id, 'Another', spec_sha256 FROM learning.regrades WHERE id = $1""",
            UUID(found[0]["id"]),
        )


async def test_applied_by_two_at_once_it_is_applied_once(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain, owner: asyncpg.Connection
) -> None:
    submission = await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    answers = await asyncio.gather(*(teacher.post(f"/regrades/{begun['id']}/apply") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert await events(owner, "solution_regraded", submission) == 1
    assert len((await shown(learner, submission))["former_results"]) == 1


async def test_what_a_killed_worker_had_taken_is_taken_up_by_the_next(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain,
    regrader: Regrader, owner: asyncpg.Connection,
) -> None:  # fmt: skip
    for _ in range(3):
        await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    regrade_id = UUID(begun["id"])
    async with database.write("learning") as session:
        harness = await load_harness(session, regrade_id)
        assert harness is not None
        assert await take_next(session, regrade_id, harness) is not None
    await owner.execute("DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.regrade'")
    assert await regrade_some(database, regrader, regrade_id) is NextStep.WAIT
    assert (await read(teacher, begun))["counts"]["graded"] == 2
    await owner.execute("UPDATE learning.regrade_results SET claimed_until = now() - interval '1 second'")
    assert await resume_regrades(database) == 1
    assert await resume_regrades(database) == 0
    await drain()
    assert (await read(teacher, begun))["status"] == "READY"


async def test_a_verdict_that_the_former_tests_still_give_is_waited_for_and_regraded(
    database: Database, teacher: Person, learner: Person, exercise: UUID, regrader: Regrader
) -> None:
    submission = await submit(learner, exercise, "one=WA two=AC")
    gate = regrader.gate = asyncio.Event()
    grading = asyncio.create_task(grade_submission(database, regrader, UUID(submission)))
    while not regrader.specs:
        await asyncio.sleep(0.01)
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    assert await regrade_some(database, regrader, UUID(begun["id"])) is NextStep.WAIT
    gate.set()
    await grading
    assert (await shown(learner, submission))["score"] == 50
    assert await regrade_some(database, regrader, UUID(begun["id"])) is NextStep.GRADE
    assert await regrade_some(database, regrader, UUID(begun["id"])) is NextStep.NOTHING
    (item,) = (await read(teacher, begun))["items"]
    assert (item["submission_id"], item["after"]["score"]) == (submission, 80)


async def test_what_cannot_be_run_stays_as_it_is(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, regrader: Regrader,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    submission = await graded(learner, "one=AC two=AC three=IE")
    before = await shown(learner, submission)
    await change_tests(teacher, exercise, [*OLD, {"name": "three", "expected": "3"}])
    begun = await begin(teacher, exercise)
    for attempt in range(MAX_ATTEMPTS):
        step = await regrade_some(database, regrader, UUID(begun["id"]))
        assert step is (NextStep.NOTHING if attempt == MAX_ATTEMPTS - 1 else NextStep.WAIT)
        await owner.execute("UPDATE learning.regrade_results SET claimed_until = NULL")
    ready = await read(teacher, begun)
    assert (ready["status"], ready["counts"]["not_run"], ready["counts"]["changed"]) == ("READY", 1, 0)
    assert (ready["items"][0]["not_run"], ready["items"][0]["fault"]) == (True, NOT_RUN)
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    assert await shown(learner, submission) == before


async def test_where_nothing_can_be_isolated_the_regrade_fails_and_says_so(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, regrader: Regrader
) -> None:
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    regrader.failures, regrader.failure = 1, IsolationUnavailable("user namespaces are switched off")
    assert await regrade_some(database, regrader, UUID(begun["id"])) is NextStep.NOTHING
    failed = await read(teacher, begun)
    assert failed["status"] == "FAILED"
    assert "user namespaces" in failed["failure"]


async def test_a_submission_removed_meanwhile_is_left_out(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain, owner: asyncpg.Connection
) -> None:
    submission = await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    await owner.execute("UPDATE learning.submissions SET deleted_at = now() WHERE id = $1", UUID(submission))
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    assert await number(owner, "SELECT score FROM learning.submissions WHERE id = $1", UUID(submission)) == 50
