"""Whatever authors write is kept, compared and restored, and a course leaves as files."""

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from codezest_db.enums import Role

from .conftest import People, Person, problem


async def versions_of(person: Person, course: str, subject: str | None = None) -> list[dict[str, Any]]:
    query = f"?subject={subject}" if subject else ""
    answer = await person.get(f"/courses/{course}/versions{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def authored(teacher: Person) -> tuple[str, str]:
    """A course and a module of it."""
    course = (await teacher.post("/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})).json()
    module = (await teacher.post(f"/teach/courses/{course['id']}/modules", {"title": "First"})).json()
    return course["id"], module["id"]


async def age(owner: asyncpg.Connection, subject: str) -> None:
    """As if what is kept so far had been written an hour ago, so that the next save is a version of its own."""
    await owner.execute(
        "UPDATE learning.versions SET created_at = created_at - interval '1 hour' WHERE subject_id = $1", UUID(subject)
    )


async def test_a_lesson_through_its_versions(teacher: Person, owner: asyncpg.Connection, person: People) -> None:
    course, module = await authored(teacher)
    new = {"title": "Lesson", "type": "ARTICLE", "content": "One\n\nTwo\n"}
    made = (await teacher.post(f"/modules/{module}/materials", new)).json()["id"]
    assert [(one["number"], one["source"]) for one in await versions_of(teacher, course, made)] == [(1, "EDITED")]
    assert {one["kind"] for one in await versions_of(teacher, course)} == {"COURSE", "MODULE", "MATERIAL"}

    for content in ("One\n\nTwo\n", "One\n\nTwo and a half\n", "One\n\nThree\n"):
        assert (await teacher.patch(f"/materials/{made}", {"content": content})).status_code < 300
    listed = await versions_of(teacher, course, made)
    assert [one["number"] for one in listed] == [2, 1], "saves of one author within ten minutes are one version"
    await age(owner, made)
    assert (await teacher.patch(f"/materials/{made}", {"title": "Renamed"})).status_code < 300
    latest, second, first = await versions_of(teacher, course, made)
    assert (latest["title"], second["title"], latest["is_latest"], first["is_latest"]) == (
        "Renamed",
        "Lesson",
        True,
        False,
    )
    assert latest["author"]

    compared = (await teacher.get(f"/versions/{second['id']}/comparison?other={first['id']}")).json()
    assert [field["name"] for field in compared["fields"]] == ["content"]
    assert {"kind": "changed", "old": "Two", "new": "Three", "skipped": 0} in compared["fields"][0]["lines"]
    other = next(one for one in await versions_of(teacher, course) if one["kind"] == "MODULE")
    assert (await teacher.get(f"/versions/{second['id']}/comparison?other={other['id']}")).status_code == 404

    seen = (await teacher.get(f"/versions/{first['id']}")).json()["latest_digest"]
    assert (await teacher.patch(f"/materials/{made}", {"description": "Meanwhile"})).status_code < 300
    refused = await teacher.post(f"/versions/{first['id']}/restore", {"latest_digest": seen})
    assert problem(refused) == (409, "content-changed-elsewhere")
    seen = (await teacher.get(f"/versions/{first['id']}")).json()["latest_digest"]
    assert (await teacher.post(f"/versions/{first['id']}/restore", {"latest_digest": seen})).status_code == 204
    row = await owner.fetchrow("SELECT title, content, description FROM learning.materials WHERE id = $1", UUID(made))
    assert dict(row or {}) == {"title": "Lesson", "content": "One\n\nTwo\n", "description": None}
    assert (await versions_of(teacher, course, made))[0]["source"] == "RESTORED"

    stranger, student = await person(Role.INSTRUCTOR), await person(Role.STUDENT)
    for other_person, status in ((stranger, 404), (student, 404)):
        assert (await other_person.get(f"/courses/{course}/versions")).status_code == status
        assert (await other_person.get(f"/versions/{first['id']}")).status_code == status
        assert (await other_person.post(f"/versions/{first['id']}/restore", {})).status_code == status
        assert (await other_person.get(f"/courses/{course}/export")).status_code == status


async def test_tests_and_questions_come_back_with_what_they_belong_to(
    teacher: Person, owner: asyncpg.Connection
) -> None:
    course, module = await authored(teacher)
    exercise = (await teacher.post(f"/modules/{module}/assignments", {"title": "E", "language": "python"})).json()["id"]
    tests = [{"name": f"Test {number}", "stdin": "1\n", "expected": "2\n"} for number in range(2)]
    assert (await teacher.put(f"/assignments/{exercise}/tests", {"tests": tests})).status_code < 300
    await age(owner, exercise)
    assert (await teacher.put(f"/assignments/{exercise}/tests", {"tests": tests[:1]})).status_code < 300
    kept = await versions_of(teacher, course, exercise)
    before = await owner.fetchval("SELECT tests_revision FROM learning.assignments WHERE id = $1", UUID(exercise))
    assert (await teacher.post(f"/versions/{kept[1]['id']}/restore", {})).status_code == 204
    names = await owner.fetch(
        "SELECT name FROM learning.assignment_tests WHERE assignment_id = $1 ORDER BY position", UUID(exercise)
    )
    assert [row["name"] for row in names] == ["Test 0", "Test 1"]
    assert before != await owner.fetchval(
        "SELECT tests_revision FROM learning.assignments WHERE id = $1", UUID(exercise)
    )

    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Q"})).json()["id"]
    asked = {"text": "Which?", "options": [{"text": "this", "is_correct": True}, {"text": "that"}]}
    question = (await teacher.post(f"/quizzes/{quiz}/questions", asked)).json()["id"]
    await age(owner, quiz)
    assert (await teacher.delete(f"/questions/{question}")).status_code < 300
    kept = await versions_of(teacher, course, quiz)
    assert (await teacher.post(f"/versions/{kept[1]['id']}/restore", {})).status_code == 204
    back = await owner.fetchrow(
        """SELECT q.deleted_at IS NULL AS live, (SELECT count(*) FROM learning.options o WHERE o.question_id = q.id
           AND o.deleted_at IS NULL) AS options FROM learning.questions q WHERE q.id = $1""",
        UUID(question),
    )
    assert dict(back or {}) == {"live": True, "options": 2}
    assert await owner.fetchval("SELECT count(*) FROM learning.versions_due") == 0


async def test_only_so_many_are_kept(teacher: Person, owner: asyncpg.Connection) -> None:
    course, module = await authored(teacher)
    async with owner.transaction():
        await owner.execute("SELECT set_config('codezest.version_source', 'FILES', true)")
        for number in range(104):
            await owner.execute("UPDATE learning.modules SET title = $2 WHERE id = $1", UUID(module), f"T{number}")
            await owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    numbers = await owner.fetch(
        "SELECT number FROM learning.versions WHERE subject_id = $1 ORDER BY number", UUID(module)
    )
    assert [row["number"] for row in numbers] == list(range(6, 106))
    first = (await teacher.get(f"/courses/{course}/versions?subject={module}")).json()
    page = (await teacher.get(f"/courses/{course}/versions?subject={module}&cursor={first['next_cursor']}")).json()
    assert [one["number"] for one in first["items"][-1:] + page["items"][:1]] == [76, 75]
    everything = (await teacher.get(f"/courses/{course}/versions")).json()
    following = (await teacher.get(f"/courses/{course}/versions?cursor={everything['next_cursor']}")).json()
    assert not {one["id"] for one in everything["items"]} & {one["id"] for one in following["items"]}


async def test_a_course_leaves_as_files(teacher: Person) -> None:
    course, module = await authored(teacher)
    new = {"title": "Lesson", "type": "ARTICLE", "content": "Text\r\n"}
    assert (await teacher.post(f"/modules/{module}/materials", new)).status_code == 201
    answer = await teacher.get(f"/courses/{course}/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    again = await teacher.get(f"/courses/{course}/export")
    assert again.content == answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        assert names == {"course.toml", "modules/01-first/module.toml", "modules/01-first/materials/01-lesson.md"}
        lesson = next(name for name in archive.namelist() if name.endswith("lesson.md"))
        assert archive.read(lesson).decode().endswith("---\nText\r\n")
