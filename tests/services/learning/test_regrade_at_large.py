"""Regrades that are large, slow, lethal, or alone in the world; and what completion means when it comes and goes."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import event

from codezest.kit.database import Database
from codezest.services.learning import regrading
from codezest.services.learning.actions.regrade.grade_result import (
    KILLS_WORKERS,
    MAX_PICK_UPS,
    NextStep,
    load_harness,
    take_next,
)
from codezest.services.learning.regrading import regrade_some
from factories.learning import MadePath

from .conftest import Person, number, submit
from .regrading import NEW, OLD, Drain, Graded, Regrader, begin, change_tests, percents, read

THREE = [*OLD, {"name": "three", "expected": "3"}]


async def _announced(owner: asyncpg.Connection, topic: str, who: Person) -> int:
    return await number(
        owner, "SELECT count(*) FROM ops.outbox WHERE topic = $1 AND payload->>'user_id' = $2", topic, str(who.id)
    )


async def test_completion_that_is_lost_and_earned_again_is_announced_once(
    teacher: Person, learner: Person, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    await graded(learner, "one=AC two=AC three=WA")
    assert await percents(owner, learner, path) == (100, 100)
    await change_tests(teacher, exercise, THREE)
    begun = await begin(teacher, exercise)
    await drain()
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    assert await percents(owner, learner, path) == (0, 0)
    await graded(learner, "one=AC two=AC three=AC")
    assert await percents(owner, learner, path) == (100, 100)
    for topic in ("learning.module_completed", "learning.course_completed"):
        assert await _announced(owner, topic, learner) == 1


async def test_one_more_program_costs_nothing_that_grows_with_the_set(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, regrader: Regrader,
    statements: list[str],
) -> None:  # fmt: skip
    for _ in range(3):
        await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    statements.clear()
    assert await regrade_some(database, regrader, UUID(begun["id"]), limit=1) is NextStep.GRADE
    assert [one for one in statements if "INSERT INTO learning.regrade_results" in one or "count(*)" in one] == []


async def test_all_that_is_announced_of_a_regrade_is_one_statement(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    for _ in range(5):
        await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "ops.outbox" in statement:
            seen.append(statement)

    async with database.write("learning") as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 2, "one for all learners' results, one that says who applied it"
    assert await _announced(owner, "learning.solution_regraded", learner) == 5


async def test_a_program_that_kills_its_workers_is_given_up(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, regrader: Regrader,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    regrade_id = UUID(begun["id"])
    for _ in range(MAX_PICK_UPS):
        async with database.write("learning") as session:
            harness = await load_harness(session, regrade_id)
            assert harness is not None
            assert await take_next(session, regrade_id, harness) is not None  # and then its worker dies
        await owner.execute("UPDATE learning.regrade_results SET claimed_until = now() - interval '1 second'")
    regrader.specs.clear()
    assert await regrade_some(database, regrader, regrade_id) is NextStep.NOTHING
    assert regrader.specs == []
    ready = await read(teacher, begun)
    assert (ready["status"], ready["counts"]["not_run"]) == ("READY", 1)
    assert ready["items"][0]["fault"] == KILLS_WORKERS


async def test_whoever_grades_for_long_keeps_the_program_to_themselves(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, regrader: Regrader,
    owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    monkeypatch.setattr(regrading, "RENEWED_AFTER", timedelta(milliseconds=20))
    gate = regrader.gate = asyncio.Event()
    regrader.specs.clear()
    grading = asyncio.create_task(regrade_some(database, regrader, UUID(begun["id"])))
    while not regrader.specs:
        await asyncio.sleep(0.01)
    of_it = "regrade_id = $1 AND claimed_until > now() + interval '1 minute'"
    await owner.execute(
        "UPDATE learning.regrade_results SET claimed_until = now() WHERE regrade_id = $1", UUID(begun["id"])
    )
    async with asyncio.timeout(20):
        while not await number(
            owner,
            f"SELECT count(*) FROM learning.regrade_results WHERE {of_it}",  # noqa: S608 - a constant
            UUID(begun["id"]),
        ):
            await asyncio.sleep(0.02)
    gate.set()
    assert await grading is NextStep.NOTHING
    assert (await read(teacher, begun))["status"] == "READY"


@pytest.mark.parametrize(
    "state",
    [
        "started_at = NULL, status = 'PENDING'",
        "started_at = now() - interval '1 hour', status = 'RUNNING'",
    ],
    ids=["waiting without a worker", "its worker was lost long ago"],
)
async def test_what_nobody_grades_is_not_waited_for(
    state: str, database: Database, teacher: Person, learner: Person, exercise: UUID, regrader: Regrader,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    submission = await submit(learner, exercise, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await owner.execute(
        f"UPDATE learning.submissions SET submitted_at = now() - interval '2 hours', {state} WHERE id = $1",  # noqa: S608
        UUID(submission),
    )
    await owner.execute(
        "UPDATE learning.regrades SET created_at = now() - interval '2 minutes' WHERE id = $1", UUID(begun["id"])
    )
    assert await regrade_some(database, regrader, UUID(begun["id"])) is NextStep.NOTHING
    assert (await read(teacher, begun))["status"] == "READY"
