"""Cohorts: who may join when, who moves, and when their modules open."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from codezest.kit.clock import now
from codezest.kit.i18n import Reader
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem


@pytest.fixture
async def course(shelf: Shelf, teacher: Person) -> MadePath:
    """A course of the test's own, taught by `teacher`."""
    return await shelf.course(instructor_id=teacher.id)


async def _cohort(teacher: Person, course: MadePath, name: str, **fields: object) -> str:
    body = {"name": name, "starts_at": now().isoformat(), **fields}
    made = await teacher.post(f"/courses/{course.course_id}/cohorts", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def _join(who: Person, course: MadePath, cohort: str) -> tuple[int, str]:
    answer = await who.post(f"/courses/{course.slug}/enroll", {"cohort_id": cohort})
    return (answer.status_code, "") if answer.is_success else problem(answer)


async def test_a_learner_chooses_one_that_takes_learners_in(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People
) -> None:
    late = {"enrol_until": (now() - timedelta(hours=1)).isoformat()}
    closed, spring = await _cohort(teacher, course, "Closed", **late), await _cohort(teacher, course, "Spring")
    autumn = await _cohort(teacher, course, "Autumn", capacity=1)
    assert (await teacher.patch(f"/courses/{course.course_id}/enrolling", {"policy": "COHORT"})).status_code == 200
    learner = await person()
    shown = (await learner.get(f"/courses/{course.slug}")).json()
    assert {cohort["name"] for cohort in shown["cohorts"]} == {"Spring", "Autumn"}
    assert problem(await learner.post(f"/courses/{course.slug}/enroll")) == (403, "enrolment-closed")
    assert await _join(learner, course, closed) == (409, "cohort-closed")
    assert await _join(learner, course, spring) == (201, "")
    assert await _join(learner, course, spring) == (200, "")
    assert await _join(learner, course, autumn) == (409, "cohort-closed")
    assert (await learner.get(f"/courses/{course.slug}")).json()["cohort"]["name"] == "Spring"
    # Ended and archived ones take nobody in; those who are in stay.
    assert (await teacher.patch(f"/cohorts/{spring}", {"archived": True})).status_code == 204
    assert await _join(await person(), course, spring) == (409, "cohort-closed")
    assert (await learner.get(f"/courses/{course.slug}")).json()["cohort"]["name"] == "Spring"


async def test_of_two_who_want_the_last_seat_one_gets_it(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People
) -> None:
    cohort = await _cohort(teacher, course, "Small", capacity=1)
    people = [await person() for _place in range(3)]
    answers = await asyncio.gather(*(_join(who, course, cohort) for who in people))
    assert sorted(status for status, _code in answers) == [201, 409, 409]


async def test_two_moves_at_once_never_overfill_a_cohort(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People
) -> None:
    cohort = await _cohort(teacher, course, "Small", capacity=2)
    for _place in range(4):
        await person(enrolled=course)
    rows = await owner.fetch("SELECT id FROM learning.enrollments WHERE course_id = $1 ORDER BY id", course.course_id)
    ids = [str(row["id"]) for row in rows]

    async def move(chosen: list[str]) -> int:
        body = {"change": "MOVE", "enrollment_ids": chosen, "cohort_id": cohort}
        return (await teacher.post(f"/courses/{course.course_id}/learners/change", body)).status_code

    first, second = await asyncio.gather(move(ids[:2]), move(ids[2:]))
    assert {first, second} == {200, 409}
    members = await owner.fetchval("SELECT count(*) FROM learning.enrollments WHERE cohort_id = $1", UUID(cohort))
    assert members == 2
    assert await move(ids[2:] if first == 200 else ids[:2]) == 409
    out = {"change": "MOVE", "enrollment_ids": ids, "cohort_id": None}
    assert len((await teacher.post(f"/courses/{course.course_id}/learners/change", out)).json()["changed"]) == 2


async def test_modules_open_with_the_cohort_and_by_its_days(
    shelf: Shelf, course: MadePath, teacher: Person, person: People
) -> None:
    first, later = await shelf.module(course), await shelf.module(course, opens_after_days=7)
    material = await shelf.material(later)
    start = (now() + timedelta(days=1)).replace(microsecond=0)
    cohort = await _cohort(teacher, course, "Tomorrow", starts_at=start.isoformat())
    learner = await person()
    assert await _join(learner, course, cohort) == (201, "")

    async def opens(module: UUID) -> datetime | None:
        shown = (await learner.get(f"/modules/{module}")).json()
        assert shown["locked"] is (shown["opens_at"] is not None)
        return datetime.fromisoformat(shown["opens_at"]) if shown["opens_at"] else None

    assert (await opens(first), await opens(later)) == (start, start + timedelta(days=7))
    refused = await learner.get(f"/materials/{material}")
    assert problem(refused) == (403, "module-not-yet-open")
    assert datetime.fromisoformat(refused.json()["opens_at"]) == start + timedelta(days=7)
    assert (await teacher.get(f"/materials/{material}")).status_code == 200

    # Another start moves the beginning of everybody in it.
    earlier = now() - timedelta(days=7, minutes=1)
    assert (await teacher.patch(f"/cohorts/{cohort}", {"starts_at": earlier.isoformat()})).status_code == 204
    assert (await opens(first), await opens(later)) == (None, None)
    assert (await learner.get(f"/materials/{material}")).status_code == 200


async def test_what_contradicts_itself_is_refused(course: MadePath, teacher: Person) -> None:
    base = f"/courses/{course.course_id}/cohorts"
    await _cohort(teacher, course, "Spring")
    starts = "2027-03-01T08:00:00+01:00"
    for refused in (
        {"name": "Spring", "starts_at": starts},
        {"name": " ", "starts_at": starts},
        {"name": "X", "starts_at": "2027-03-01T08:00:00"},
        {"name": "X", "starts_at": starts, "ends_at": "2027-03-01T07:00:00Z"},
        {"name": "X", "starts_at": starts, "capacity": 0},
        {"name": "X", "starts_at": starts, "enrol_from": starts, "enrol_until": starts},
    ):
        assert problem(await teacher.post(base, refused))[0] == 422, refused
    assert len((await teacher.get(base)).json()["items"]) == 1


def test_one_moment_is_shown_in_each_reader_s_zone() -> None:
    """A day is 24 hours, so that the moment is one for all; a change of clocks shows in what the clock says then."""
    opens = datetime(2027, 3, 27, 8, tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC) + timedelta(days=7)
    assert "9:00" in Reader("en", "Europe/Madrid").datetime(opens)
    assert "12:30" in Reader("en", "Asia/Kolkata").datetime(opens)
