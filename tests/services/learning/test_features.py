"""What administrators turn off is off."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NoReturn, cast
from uuid import uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning.analysers.chosen import Analysers
from codezest.services.learning.analysing import jobs
from factories.learning import Shelf

from .conftest import People, Person, problem

Set = Callable[[str, Any], Awaitable[None]]


@pytest.fixture
async def turn(owner: asyncpg.Connection) -> AsyncIterator[Set]:
    """Set a feature for the length of a test."""

    async def set_to(key: str, value: Any) -> None:
        await owner.execute(
            "INSERT INTO auth.feature_settings (key, value) VALUES ($1, $2::text::jsonb)", key, json.dumps(value)
        )

    yield set_to
    await owner.execute("DELETE FROM auth.feature_settings")


async def test_nobody_joins_by_themselves_where_that_is_off(
    shelf: Shelf, person: People, teacher: Person, turn: Set
) -> None:
    course = await shelf.course(instructor_id=teacher.id)
    path = await shelf.path()
    member, stranger = await person(enrolled=path), await person()
    await turn("self_enrollment", False)
    assert problem(await stranger.post(f"/courses/{course.slug}/enroll")) == (403, "enrolment-closed")
    assert problem(await stranger.post(f"/languages/{path.slug}/enroll")) == (403, "enrolment-closed")
    assert (await member.post(f"/languages/{path.slug}/enroll")).is_success


async def test_nobody_reviews_where_that_is_off(
    shelf: Shelf, person: People, teacher: Person, owner: asyncpg.Connection, turn: Set
) -> None:
    course = await shelf.course(instructor_id=teacher.id)
    learner = await person(enrolled=course)
    await owner.execute("UPDATE learning.enrollments SET completed_items = 1 WHERE course_id = $1", course.course_id)
    assert (await learner.put(f"/courses/{course.slug}/review", {"rating": 5, "text": ""})).is_success
    await turn("reviews", False)
    assert problem(await learner.put(f"/courses/{course.slug}/review", {"rating": 1, "text": ""})) == (403, "forbidden")
    assert (await learner.delete(f"/courses/{course.slug}/review")).is_success


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "off"])
async def test_no_work_goes_to_a_model_where_that_is_off(
    database: Database, settings: Settings, turn: Set, monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    seen: list[Analysers] = []

    async def note(_database: Database, _settings: Settings, chosen: Analysers, _submission: object) -> None:
        seen.append(chosen)

    class Model:
        def __getattr__(self, name: str) -> NoReturn:
            raise AssertionError(name)

    monkeypatch.setattr("codezest.services.learning.analysing.analyse_submission", note)
    (job,) = jobs(database, settings, Analysers(endpoint=cast("Any", Model())))
    if not allowed:
        await turn("model_analysis", False)
    await job.handler({"submission_id": str(uuid4())})
    assert [chosen.endpoint is not None for chosen in seen] == [allowed]
