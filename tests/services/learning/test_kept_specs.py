"""What gave each verdict is kept with it, once, and costs the usual verdict nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Engine, event

from codezest.grading import GradingSpec, TestSpec
from codezest.grading.canonical import from_canonical, sha256_of
from codezest.kit.database import Database
from codezest.services.learning.actions.keep_spec import keep_spec, kept_spec
from codezest.services.learning.jobs import grade_submission
from factories.learning import Shelf
from fixtures.scripted_grader import ScriptedGrader

from .conftest import Person, number, submit


async def _graded(database: Database, who: Person, address: str, code: str) -> UUID:
    sent = await who.post(address, {"code": code})
    assert sent.status_code == 202, sent.text
    submission = UUID(sent.json()["id"])
    await grade_submission(database, ScriptedGrader(), submission)
    return submission


async def _kept(owner: asyncpg.Connection, submission: UUID) -> asyncpg.Record:
    row = await owner.fetchrow(
        """SELECT s.spec_sha256, s.grader_version, k.spec FROM learning.submissions s
           LEFT JOIN learning.grading_specs k ON k.sha256 = s.spec_sha256 WHERE s.id = $1""",
        submission,
    )
    assert row is not None
    return row


@pytest.fixture
def inserts() -> Iterator[list[str]]:
    """Every INSERT of a specification from now on."""
    seen: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO learning.grading_specs"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    yield seen
    event.remove(Engine, "before_cursor_execute", record)


async def test_a_verdict_names_what_gave_it(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    grader = ScriptedGrader()
    submission = UUID(await submit(learner, assignment, "AC WA"))
    await grade_submission(database, grader, submission)
    row = await _kept(owner, submission)
    assert sha256_of(row["spec"]) == row["spec_sha256"]
    assert from_canonical(row["spec"]) == grader.specs[0]
    assert row["grader_version"]


async def test_a_trial_names_the_visible_tests_and_a_lesson_s_run_nothing(
    database: Database, shelf: Shelf, module: UUID, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    tried = await _kept(owner, await _graded(database, learner, f"/assignments/{assignment}/run", "AC"))
    assert [test.visible for test in from_canonical(tried["spec"]).tests] == [True]
    lesson = await shelf.material(module, type="CODE_EXAMPLE", code="AC")
    ran = await _kept(owner, await _graded(database, learner, f"/materials/{lesson}/run", "AC"))
    assert ran["spec_sha256"] is None


async def test_each_is_stored_once_and_the_next_verdict_asks_for_nothing(
    database: Database, shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection, inserts: list[str]
) -> None:
    assignment = await shelf.assignment(module, tests=[{"name": "of this test alone", "expected": "1"}])
    address = f"/assignments/{assignment}/submissions"
    first = await _graded(database, learner, address, "AC")
    assert len(inserts) == 1
    second = await _graded(database, learner, address, "WA")
    assert len(inserts) == 1
    name = (await _kept(owner, first))["spec_sha256"]
    assert (await _kept(owner, second))["spec_sha256"] == name
    assert await number(owner, "SELECT count(*) FROM learning.grading_specs WHERE sha256 = $1", name) == 1


async def test_what_a_failed_transaction_took_with_it_is_stored_by_the_next(database: Database) -> None:
    spec = GradingSpec(language="python", tests=(TestSpec(name="of a failed transaction"),))

    async def fail() -> None:
        async with database.write("learning") as session:
            await keep_spec(session, spec)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.write("learning") as session:
        name = await keep_spec(session, spec)
        assert await kept_spec(session, name) == spec
