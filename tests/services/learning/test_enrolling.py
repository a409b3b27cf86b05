"""The ways into a course: rules, prerequisites, codes, and what those who teach do with learners."""

import asyncio
import json
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import asyncpg
import pytest

from codezest.events.learning import EnrollmentChanged
from codezest.kit.database import Database
from codezest.services.auth.subscribers import subscriptions
from codezest.services.learning.actions.export_data import _write
from codezest.services.learning.actions.forget_learner import forget_learner
from codezest_db.enums import Role, StaffRole
from factories.learning import MadePath, Shelf
from fixtures.teaching import give_role

from .conftest import People, Person, number, problem


@pytest.fixture
async def course(shelf: Shelf, teacher: Person) -> MadePath:
    """A course of the test's own, taught by `teacher`."""
    return await shelf.course(instructor_id=teacher.id)


async def _status(owner: asyncpg.Connection, course: MadePath, who: Person) -> str | None:
    return await owner.fetchval(
        "SELECT status FROM learning.enrollments WHERE course_id = $1 AND user_id = $2", course.course_id, who.id
    )


async def _code(teacher: Person, course: MadePath, **fields: object) -> dict[str, str]:
    made = await teacher.post(f"/courses/{course.course_id}/codes", fields)
    assert made.status_code == 201, made.text
    return made.json()


async def test_prerequisites_keep_out_until_they_are_completed(
    shelf: Shelf, owner: asyncpg.Connection, teacher: Person, person: People
) -> None:
    first, second = await shelf.course(instructor_id=teacher.id), await shelf.course(instructor_id=teacher.id)
    rules = {"prerequisite_ids": [str(first.course_id)]}
    changed = await teacher.patch(f"/courses/{second.course_id}/enrolling", rules)
    assert [item["href"] for item in changed.json()["prerequisites"]] == [f"/courses/{first.slug}"]
    # Neither a circle nor a course that is hidden from the author is taken.
    circle = await teacher.patch(f"/courses/{first.course_id}/enrolling", {"prerequisite_ids": [str(second.course_id)]})
    assert problem(circle) == (422, "prerequisite-refused")
    for refused in (uuid4(), second.course_id):
        answer = await teacher.patch(f"/courses/{second.course_id}/enrolling", {"prerequisite_ids": [str(refused)]})
        assert problem(answer) == (422, "prerequisite-refused")

    learner = await person()
    shown = (await learner.get(f"/courses/{second.slug}")).json()
    assert (shown["prerequisites_missing"], shown["prerequisites"][0]["completed"]) == (True, False)
    missing = await learner.post(f"/courses/{second.slug}/enroll")
    assert problem(missing) == (403, "courses-missing")
    assert missing.json()["courses"][0]["href"] == f"/courses/{first.slug}"
    await shelf.enroll(first, learner.id)
    await owner.execute("UPDATE learning.enrollments SET first_completed_at = now() WHERE user_id = $1", learner.id)
    assert (await learner.post(f"/courses/{second.slug}/enroll")).status_code == 201


async def test_two_authors_cannot_close_a_circle_at_once(shelf: Shelf, person: People) -> None:
    teachers = [await person(Role.INSTRUCTOR), await person(Role.INSTRUCTOR)]
    courses = [await shelf.course(instructor_id=who.id) for who in teachers]
    answers = await asyncio.gather(
        *(
            who.patch(f"/courses/{own.course_id}/enrolling", {"prerequisite_ids": [str(other.course_id)]})
            for who, own, other in zip(teachers, courses, reversed(courses), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_course_may_be_closed_to_who_has_no_code(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People
) -> None:
    assert (await teacher.patch(f"/courses/{course.course_id}/enrolling", {"policy": "INVITED"})).status_code == 200
    learner, code = await person(), await _code(teacher, course, max_uses=1)
    assert problem(await learner.post(f"/courses/{course.slug}/enroll")) == (403, "enrolment-closed")
    assert problem(await learner.post("/join", {"code": "AAAAA-AAAAA"})) == (404, "code-unknown")
    typed = f" {code['code'][:4].lower()}-{code['code'][4:]} "
    for _again in range(2):  # a second time uses nothing up
        assert (await learner.post("/join", {"code": typed})).json()["status"] == "ACTIVE"
    assert await number(owner, "SELECT uses FROM learning.enrollment_codes WHERE id = $1", UUID(code["id"])) == 1
    assert problem(await (await person()).post("/join", {"code": code["code"]})) == (410, "code-unusable")


async def test_of_two_last_uses_at_once_one_fails(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People
) -> None:
    code = await _code(teacher, course, max_uses=1)
    answers = await asyncio.gather(
        *(who.post("/join", {"code": code["code"]}) for who in [await person() for _ in range(3)])
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410]
    enrolled = "SELECT count(*) FROM learning.enrollments WHERE course_id = $1"
    assert await number(owner, enrolled, course.course_id) == 1
    counted = "SELECT enrollment_count FROM learning.courses WHERE id = $1"
    assert await number(owner, counted, course.course_id) == 1


async def test_codes_end(course: MadePath, teacher: Person, person: People, owner: asyncpg.Connection) -> None:
    revoked, expired = await _code(teacher, course), await _code(teacher, course, expires_at="2100-01-01T00:00:00Z")
    assert (await teacher.delete(f"/codes/{revoked['id']}")).status_code == 204
    await owner.execute("UPDATE learning.enrollment_codes SET expires_at = now() WHERE id = $1", UUID(expired["id"]))
    learner = await person()
    for code in (revoked, expired):
        assert problem(await learner.post("/join", {"code": code["code"]})) == (410, "code-unusable")
    assert await _status(owner, course, learner) is None
    past = await teacher.post(f"/courses/{course.course_id}/codes", {"expires_at": "2000-01-01T00:00:00Z"})
    assert problem(past)[0] == 422


async def test_guessing_codes_is_slowed_down(person: People) -> None:
    guesser = await person()
    answers = [await guesser.post("/join", {"code": f"{place:05}AAAAA"}) for place in range(12)]
    assert {answer.status_code for answer in answers} == {404, 429}


async def test_pausing_dropping_and_undoing(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People, shelf: Shelf
) -> None:
    material = await shelf.material(await shelf.module(course))
    learner = await person(enrolled=course)
    enrollment = str(await owner.fetchval("SELECT id FROM learning.enrollments WHERE user_id = $1", learner.id))

    async def change(what: str) -> str | None:
        answer = await teacher.post(
            f"/courses/{course.course_id}/learners/change", {"change": what, "enrollment_ids": [enrollment]}
        )
        assert answer.status_code == 200, answer.text
        return await _status(owner, course, learner)

    assert await change("PAUSE") == "PAUSED"
    # Whoever was paused by those who teach does not come back by enrolling again.
    assert problem(await learner.post(f"/courses/{course.slug}/enroll")) == (403, "enrolment-held")
    assert problem(await learner.get(f"/materials/{material}")) == (403, "not-enrolled")
    assert await change("RESUME") == "ACTIVE"
    assert await change("RESTORE") == "ACTIVE"
    assert await change("DROP") == "DROPPED"
    assert problem(await learner.post(f"/courses/{course.slug}/enroll")) == (403, "enrolment-held")
    assert await change("RESTORE") == "ACTIVE"
    counted = "SELECT enrollment_count FROM learning.courses WHERE id = $1"
    assert await number(owner, counted, course.course_id) == 1
    told = "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.enrollment_changed' AND payload->>'user_id' = $1"
    assert await number(owner, told, str(learner.id)) == 4
    # Who left by themselves is not fetched back.
    assert (await learner.delete(f"/courses/{course.slug}/enroll")).status_code == 204
    assert await change("RESTORE") == "DROPPED"


async def test_only_an_administrator_lets_into_a_priced_course(
    shelf: Shelf, owner: asyncpg.Connection, teacher: Person, admin: Person, person: People
) -> None:
    course = await shelf.course(instructor_id=teacher.id, price_minor=4900)
    learner = await person()
    assert (await learner.post(f"/courses/{course.slug}/enroll")).json()["status"] == "PENDING"
    pending = await teacher.get(f"/courses/{course.course_id}/learners?status=PENDING")
    body = {"change": "ACTIVATE", "enrollment_ids": [item["id"] for item in pending.json()["items"]]}
    assert problem(await teacher.post(f"/courses/{course.course_id}/learners/change", body))[0] == 403
    listed = {"text": "somebody@codezest.example", "apply": True}
    assert problem(await teacher.post(f"/courses/{course.course_id}/learners/list", listed))[0] == 403
    assert await _status(owner, course, learner) == "PENDING"
    for _again in range(2):
        assert (await admin.post(f"/courses/{course.course_id}/learners/change", body)).status_code == 200
    assert await _status(owner, course, learner) == "ACTIVE"
    counted = "SELECT enrollment_count FROM learning.courses WHERE id = $1"
    assert await number(owner, counted, course.course_id) == 1


async def test_learners_are_listed_by_filters_and_pages(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People, shelf: Shelf
) -> None:
    people = [await person(enrolled=course) for _place in range(3)]
    await owner.execute("UPDATE auth.users SET first_name = 'Ada_100%' WHERE id = $1", people[0].id)
    await owner.execute("UPDATE learning.enrollments SET progress_percent = 40 WHERE user_id = $1", people[1].id)

    async def found(query: str) -> list[str]:
        answer = await teacher.get(f"/courses/{course.course_id}/learners?{query}")
        assert answer.status_code == 200, answer.text
        return [item["user_id"] for item in answer.json()["items"]]

    ids = [str(who.id) for who in people]
    assert await found("") == ids[::-1]
    assert await found("q=ada_100%25") == ids[:1]
    assert await found("q=_da") == []
    assert await found("q=Ad") == ids[:1], "few letters are looked for where words begin"
    assert await found("q=da") == []
    owners = "SELECT email FROM auth.users WHERE id = $1"
    invited, own = await owner.fetchval(owners, people[1].id), await owner.fetchval(owners, people[2].id)
    assert invited is not None
    listed = {"text": invited, "apply": True}
    assert (await teacher.post(f"/courses/{course.course_id}/learners/list", listed)).is_success
    assert await found(f"q={invited.upper()}") == ids[1:2]
    assert await found(f"q={own}") == []
    assert await found("progress=some") == ids[1:2]
    assert await found("status=PAUSED") == []
    first = (await teacher.get(f"/courses/{course.course_id}/learners?limit=2")).json()
    assert await found(f"limit=2&cursor={first['next_cursor']}") == ids[:1]
    # An address that nobody of the staff has brought is not told to them.
    assert [item["email"] for item in first["items"]] == [None, invited]


async def test_each_role_may_do_its_own(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, admin: Person, person: People
) -> None:
    roles = {"CO_INSTRUCTOR": await person(Role.INSTRUCTOR), "GRADER": await person(), "OBSERVER": await person()}
    for role, who in roles.items():
        await give_role(owner, course.course_id, who.id, StaffRole(role))
    base = f"/courses/{course.course_id}"
    expected = {"CO_INSTRUCTOR": (200, 201), "GRADER": (200, 403), "OBSERVER": (200, 403)}
    for role, (reads, writes) in expected.items():
        assert (await roles[role].get(f"{base}/learners")).status_code == reads
        assert (await roles[role].get(f"{base}/learners.csv")).status_code == reads
        assert (await roles[role].post(f"{base}/codes", {})).status_code == writes
    stranger = await person(Role.INSTRUCTOR)
    for path in ("learners", "learners.csv", "codes", "cohorts", "enrolling", "invitations"):
        assert problem(await stranger.get(f"{base}/{path}"))[0] == 404
        assert (await admin.get(f"{base}/{path}")).status_code == 200


async def test_what_staff_do_with_learners_stands_in_the_audit_once(
    owner: asyncpg.Connection, database: Database, course: MadePath, teacher: Person, person: People
) -> None:
    learner = await person(enrolled=course)
    enrollment = await owner.fetchval("SELECT id FROM learning.enrollments WHERE user_id = $1", learner.id)
    body = {"change": "DROP", "enrollment_ids": [str(enrollment)]}
    assert (await teacher.post(f"/courses/{course.course_id}/learners/change", body)).status_code == 200
    row = await owner.fetchrow(
        "SELECT id, payload FROM ops.outbox WHERE topic = $1 AND payload->>'user_id' = $2",
        EnrollmentChanged.topic, str(learner.id),
    )  # fmt: skip
    assert row is not None
    (told,) = [one for one in subscriptions(database) if one.topic == EnrollmentChanged.topic]
    for _again in range(2):
        await told.handler({**json.loads(row["payload"]), "event_id": str(row["id"])})
    written = await owner.fetch(
        "SELECT actor_user_id, details FROM auth.audit_entries WHERE subject_id = $1 AND action = 'enrollment.changed'",
        learner.id,
    )
    assert [entry["actor_user_id"] for entry in written] == [teacher.id]
    assert json.loads(written[0]["details"])["status"] == "DROPPED"


async def test_what_is_held_of_somebody_is_told_and_forgotten(
    owner: asyncpg.Connection, database: Database, course: MadePath, teacher: Person, person: People, tmp_path: Path
) -> None:
    learner = await person(enrolled=course)
    await owner.execute(
        "INSERT INTO learning.enrollment_invitations (course_id, email, user_id, accepted_at, invited_by)"
        " VALUES ($1, 'old-address@codezest.example', $2, now(), $3)",
        course.course_id, learner.id, teacher.id,
    )  # fmt: skip
    archive = tmp_path / "part.zip"
    await _write(database, archive, learner.id)
    with ZipFile(archive) as part:
        invitations = json.loads(part.read("invitations.json"))
        assert json.loads(part.read("enrollments.json"))[0]["cohort"] is None
    assert [one["email"] for one in invitations] == ["old-address@codezest.example"]
    assert "invited_by" not in invitations[0]
    async with database.write("learning") as session:
        await forget_learner(session, learner.id)
    left = "SELECT count(*) FROM learning.enrollment_invitations WHERE user_id = $1"
    assert await number(owner, left, learner.id) == 0
