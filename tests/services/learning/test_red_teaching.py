"""What those who teach must not get by a detour: past the owner, into another course, or out of step with what is there."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from codezest_db.enums import AssignmentKind, Role
from factories.files import png
from factories.learning import MadePath, Shelf

from .conftest import People, Person, number, problem

SHOW = "UPDATE learning.courses SET %s = $2 WHERE id = $1"
RUBRIC = {"title": "Essays", "criteria": [{"title": "Argument", "levels": [{"title": "Clear", "points": 4}]}]}


async def newest(teacher: Person, course: str, subject: str) -> dict[str, Any]:
    return dict((await teacher.get(f"/courses/{course}/versions?subject={subject}")).json()["items"][0])


async def age(owner: asyncpg.Connection, subject: str) -> None:
    """So that the next save is a version of its own."""
    await owner.execute(
        "UPDATE learning.versions SET created_at = created_at - interval '1 hour' WHERE subject_id = $1", UUID(subject)
    )


async def test_restoring_leaves_the_price_to_the_owner(
    teacher: Person, person: People, owner: asyncpg.Connection
) -> None:
    course = (await teacher.post("/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})).json()["id"]
    helper = await person(Role.INSTRUCTOR)
    staff = {"who": str(helper.id), "role": "CO_INSTRUCTOR"}
    assert (await teacher.put(f"/teach/courses/{course}/staff", staff)).status_code == 200
    free = await newest(teacher, course, course)
    await age(owner, course)
    assert (await teacher.patch(f"/teach/courses/{course}", {"price_minor": 900, "subtitle": "New"})).status_code == 200
    assert problem(await helper.patch(f"/teach/courses/{course}", {"price_minor": 0})) == (403, "forbidden")
    assert (await helper.post(f"/versions/{free['id']}/restore", {})).status_code == 204
    stored = (await helper.get(f"/teach/courses/{course}")).json()
    assert (stored["price_minor"], stored["subtitle"]) == (900, None)


async def test_restoring_leaves_how_people_grade_as_it_is(
    shelf: Shelf, teacher: Person, path: MadePath, module: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    """A rubric that was replaced since could be graded by nobody, and names that are hidden would show."""
    essay = str(await shelf.assignment(module, kind=AssignmentKind.TEXT, language=None, tests=[], max_score=4))
    course = str(path.course_id)
    rubric = (await teacher.post(f"/courses/{course}/rubrics", RUBRIC)).json()
    assert (await teacher.patch(f"/assignments/{essay}/grading", {"rubric_id": rubric["id"]})).status_code == 204
    earlier = await newest(teacher, course, essay)
    await age(owner, essay)
    assert (await teacher.delete(f"/rubrics/{rubric['id']}")).status_code == 204
    hidden = {"anonymous_grading": True, "hold_grades": True}
    assert (await teacher.patch(f"/assignments/{essay}/grading", hidden)).status_code == 204
    assert (await teacher.post(f"/versions/{earlier['id']}/restore", {})).status_code == 204
    handed = (await learner.post(f"/assignments/{essay}/answers", {"text": "Words."})).json()["id"]
    desk = (await teacher.get(f"/submissions/{handed}/grading")).json()
    assert (desk["rubric"], desk["learner"]["user_id"]) == (None, None)
    graded = await teacher.post(f"/submissions/{handed}/gradings", {"marks": 3})
    assert (graded.status_code, graded.json()["state"]) == (201, "HELD")


async def sent(teacher: Person, course: object, kind: str = "PICTURE") -> str:
    files = {"file": ("a.png", png(), "image/png")}
    made = await teacher.api.post(f"/courses/{course}/uploads", data={"kind": kind}, files=files)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_a_version_does_not_bring_back_what_shows_a_file_that_is_gone(
    shelf: Shelf, teacher: Person, path: MadePath, owner: asyncpg.Connection
) -> None:
    course = str(path.course_id)
    upload = await sent(teacher, course)
    assert (await teacher.put(f"/courses/{course}/image", {"upload_id": upload})).status_code == 204
    shown = await newest(teacher, course, course)
    await age(owner, course)
    assert (await teacher.put(f"/courses/{course}/image", {"upload_id": None})).status_code == 204
    assert (await teacher.post(f"/versions/{shown['id']}/restore", {})).status_code == 204
    assert (await teacher.put(f"/courses/{course}/image", {"upload_id": None})).status_code == 204
    assert (await teacher.delete(f"/uploads/{upload}")).status_code == 204
    assert problem(await teacher.post(f"/versions/{shown['id']}/restore", {})) == (409, "conflict")


@pytest.mark.parametrize("column", ["image_url", "image_key"])
async def test_a_course_shows_no_file_of_another_course(
    column: str, shelf: Shelf, teacher: Person, person: People, application: Application, owner: asyncpg.Connection
) -> None:
    """Whoever knows the id of a file could have it signed by naming it as the picture of a course of their own."""
    theirs, mine = await shelf.course(instructor_id=teacher.id), await person(Role.INSTRUCTOR)
    foreign = await sent(teacher, theirs.course_id)
    course = await shelf.course(instructor_id=mine.id)
    own = await sent(mine, course.course_id)
    for upload, shows in ((own, True), (foreign, False)):
        address = f"/uploads/{upload}"[column == "image_key" :]
        await owner.execute(SHOW % column, course.course_id, address)
        for page in (f"/courses/{course.slug}", "/courses?order=newest"):
            answer = await mine.api.get(f"http://localhost:8000{page}")
            assert answer.status_code == 200
            assert (f"/uploads/{upload}" in answer.text) is shows, page


async def test_a_file_that_is_refused_does_not_stay(
    shelf: Shelf, learner: Person, module: UUID, settings: Settings, owner: asyncpg.Connection
) -> None:
    assignment = await shelf.assignment(module, kind=AssignmentKind.FILE, language=None, tests=[])
    folder = settings.data_dir / "files" / "hand-ins"
    answers = [
        await learner.api.post(f"/assignments/{assignment}/files", files={"file": (f"{place}.txt", b"Words")})
        for place in range(12)
    ]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422] * 2
    kept = await number(owner, "SELECT count(*) FROM learning.hand_in_files WHERE assignment_id = $1", assignment)
    assert len(list(folder.iterdir())) == kept == 10
