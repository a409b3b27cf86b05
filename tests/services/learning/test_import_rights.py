"""An import does what its sender may do at the moment when it is done, and nothing else."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.services.learning.actions.importing import work
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem
from .importing import Work, apply, look, packed, read_here, row_of, send, small

__all__ = ["apply", "look", "read_here"]

TABLES = ("courses", "modules", "materials")
pytestmark = pytest.mark.usefixtures("read_here")


async def co_taught(shelf: Shelf, owner: asyncpg.Connection, colleague: Person, teacher: Person) -> MadePath:
    """A course of a colleague's that the teacher writes as well."""
    course = await shelf.course(instructor_id=colleague.id)
    await owner.execute(
        "INSERT INTO learning.course_staff (course_id, user_id, role) VALUES ($1, $2, 'CO_INSTRUCTOR')",
        course.course_id, teacher.id,
    )  # fmt: skip
    return course


@pytest.fixture(scope="module")
async def colleague(person: People) -> Person:
    return await person(Role.INSTRUCTOR)


async def test_ids_of_others_are_neither_changed_nor_taken(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection, shelf: Shelf, colleague: Person
) -> None:
    theirs = await shelf.course(instructor_id=colleague.id)
    module = await shelf.module(theirs)
    text = await shelf.material(module)
    mine = (await teacher.post("/teach/courses", {"title": f"Mine {uuid4().hex[:8]}"})).json()["id"]
    ids = {"course": str(theirs.course_id), "module": str(module), "text": str(text)}
    before = [await row_of(owner, table, ids[name]) for table, name in zip(TABLES, ids, strict=True)]
    for course in (None, mine):
        sent = small(**ids, body=f"![x](/uploads/{uuid4()})\n")
        found = await look(await send(teacher, sent, course))
        assert (found["status"], found["problems"]) == ("READY", [])
        applied = await apply(found["id"])
        assert applied["status"] == "APPLIED"
        made_course = applied["target_id"]
        assert made_course != ids["course"]
        assert not {one["id"] for one in applied["preview"]["things"]} & set(ids.values())
        course_row = (await teacher.get(f"/teach/courses/{made_course}")).json()
        assert (course_row["status"], course_row["role"]) == ("DRAFT", "OWNER")
    assert [await row_of(owner, table, ids[name]) for table, name in zip(TABLES, ids, strict=True)] == before
    teaches = await owner.fetchval("SELECT instructor_user_id FROM learning.courses WHERE id = $1", UUID(made_course))
    assert teaches == teacher.id, "an e-mail address in a file makes nobody the owner"


async def test_who_may_not_set_the_price_does_not_by_files(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection, shelf: Shelf, colleague: Person
) -> None:
    course = await co_taught(shelf, owner, colleague, teacher)
    wanted = "SELECT slug, status, price_minor FROM learning.courses WHERE id = $1"
    before = await owner.fetchrow(wanted, course.course_id)
    found = await look(await send(teacher, small(), str(course.course_id)))
    assert [one["code"] for one in found["preview"]["warnings"]] == ["price-kept"]
    assert (await apply(found["id"]))["status"] == "APPLIED"
    after = await owner.fetchrow(wanted, course.course_id)
    assert dict(after or {}) == dict(before or {})
    await owner.execute("DELETE FROM learning.course_staff WHERE user_id = $1", teacher.id)
    again = await teacher.api.post(
        f"/courses/{course.course_id}/imports", files={"file": ("course.zip", packed(small()), "application/zip")}
    )
    assert again.status_code == 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What happens to the sender or the course, and how it is undone; `$1` is the user, `$2` the course."""

    lose: str
    regain: str
    asked: tuple[int, str]
    """What asking to take it over says then."""
    said: str
    """Why the worker refuses what was asked for before."""


STAFF = "UPDATE learning.course_staff SET role = '{}' WHERE user_id = $1 AND course_id = $2"
USER = "UPDATE auth.users SET {} WHERE id = $1 AND $2::uuid IS NOT NULL"
OF_COURSE = "UPDATE learning.courses SET {} WHERE id = $2 AND $1::uuid IS NOT NULL"
LOSSES = {
    "the role": Loss(
        lose=USER.format("role = 'STUDENT'"),
        regain=USER.format("role = 'INSTRUCTOR'"),
        asked=(403, "forbidden"),
        said="you no longer write courses here",
    ),
    "the account": Loss(
        lose=USER.format("suspended_at = now()"),
        regain=USER.format("suspended_at = NULL"),
        asked=(401, "unauthenticated"),
        said="is suspended",
    ),
    "the place in its staff": Loss(
        lose=STAFF.format("OBSERVER"),
        regain=STAFF.format("CO_INSTRUCTOR"),
        asked=(403, "forbidden"),
        said="you no longer write this course",
    ),
    "the course": Loss(
        lose=OF_COURSE.format("deleted_at = now()"),
        regain=OF_COURSE.format("deleted_at = NULL"),
        asked=(404, "not-found"),
        said="the course is gone",
    ),
    "its being open to changes": Loss(
        lose=OF_COURSE.format("status = 'ARCHIVED'"),
        regain=OF_COURSE.format("status = 'PUBLISHED'"),
        asked=(409, "conflict"),
        said="the course is archived",
    ),
}


async def said_of(owner: asyncpg.Connection, course: str) -> list[object]:
    """What authors wrote in a course."""
    wanted = "SELECT title, description, price_minor, category, level FROM learning.courses WHERE id = $1"
    return list(await owner.fetchrow(wanted, UUID(course)) or ())


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
async def test_what_was_lost_since_the_preview_counts(
    loss: Loss,
    *,
    application: Application,
    teacher: Person,
    colleague: Person,
    look: Work,
    shelf: Shelf,
    owner: asyncpg.Connection,
) -> None:
    course = str((await co_taught(shelf, owner, colleague, teacher)).course_id)
    before = await said_of(owner, course)
    found = await look(await send(teacher, small(), course))
    assert found["status"] == "READY"
    await owner.execute(loss.lose, teacher.id, UUID(course))
    assert problem(await teacher.post(f"/imports/{found['id']}/apply")) == loss.asked
    await owner.execute(loss.regain, teacher.id, UUID(course))

    assert (await teacher.post(f"/imports/{found['id']}/apply")).json()["status"] == "APPLYING"
    await owner.execute(loss.lose, teacher.id, UUID(course))
    await work.work_on(application.database, application.settings, UUID(found["id"]))
    hidden = await teacher.get(f"/imports/{found['id']}")
    await owner.execute(loss.regain, teacher.id, UUID(course))
    refused = (await teacher.get(f"/imports/{found['id']}")).json()
    assert (refused["status"], refused["preview"]) == ("REFUSED", None)
    assert loss.said in refused["problems"][0]["message"]
    assert hidden.status_code == 401 or hidden.json()["problems"] == refused["problems"], "they read why"
    assert await owner.fetchval("SELECT count(*) FROM learning.modules WHERE course_id = $1", UUID(course)) == 0
    assert await said_of(owner, course) == before
    asked = await owner.fetchval(
        "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'learning.delete_files' AND convert_from(payload, 'UTF8') LIKE $1",
        f"%imports/{found['id']}%",
    )
    assert asked == 1, "the ZIP is not kept"


async def test_what_is_in_a_course_only_its_authors_read(
    teacher: Person, colleague: Person, look: Work, shelf: Shelf, owner: asyncpg.Connection
) -> None:
    course = str((await co_taught(shelf, owner, colleague, teacher)).course_id)
    found = await look(await send(teacher, small(), course))
    assert found["preview"]["things"]
    await owner.execute("DELETE FROM learning.course_staff WHERE user_id = $1", teacher.id)
    assert problem(await teacher.get(f"/imports/{found['id']}")) == (404, "not-found")


async def test_an_archived_course_takes_no_files(
    teacher: Person, colleague: Person, shelf: Shelf, owner: asyncpg.Connection
) -> None:
    course = str((await co_taught(shelf, owner, colleague, teacher)).course_id)
    await owner.execute("UPDATE learning.courses SET status = 'ARCHIVED' WHERE id = $1", UUID(course))
    sent = {"file": ("course.zip", packed(small()), "application/zip")}
    refused = await teacher.api.post(f"/courses/{course}/imports", files=sent)
    assert problem(refused) == (409, "conflict")
    assert "archived" in refused.json()["detail"]
