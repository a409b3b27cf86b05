"""A preview says what changes in each thing, and which courses come before."""

import tomllib
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.services.learning.actions.importing import note_changes
from codezest.services.learning.actions.importing.changed_fields import changed_fields
from codezest_db.enums import PublicationStatus, Role
from factories.learning import Shelf

from .conftest import People, Person
from .importing import Files, Work, apply, exported, look, read_here, send, small, written

__all__ = ["apply", "look", "read_here"]

pytestmark = pytest.mark.usefixtures("read_here")
Made = tuple[str, dict[str, str], Files]


@pytest.fixture(scope="module")
async def made(teacher: Person) -> Made:
    course, ids = await written(teacher, f"Changes {uuid4().hex[:8]}")
    for text in ("Stays?", "Goes?"):
        asked = {"text": text, "type": "TRUE_FALSE", "options": [{"text": "Yes", "is_correct": True}, {"text": "No"}]}
        answer = await teacher.post(f"/courses/{course}/bank", asked)
        assert answer.status_code == 201, answer.text
        ids[text] = answer.json()["id"]
    return course, ids, await exported(teacher, course)


def edited(files: Files, ending: str, *changes: tuple[str, str]) -> Files:
    """The files with one of them changed, which has each of these texts."""
    name = next(name for name in files if name.endswith(ending))
    text = files[name].decode()
    for old, new in changes:
        assert old in text, text
        text = text.replace(old, new)
    return files | {name: text.encode()}


def told(found: dict[str, Any]) -> dict[str, list[Any]]:
    """By kind: each field of what changes, with its parts, its outcome, and its values."""
    return {
        thing["kind"]: [
            (
                " / ".join(f"{part['sort']} {part['number']} {part['title']}" for part in field["within"]),
                field["name"],
                field["outcome"],
                field["old"],
                field["new"],
            )
            for field in thing["fields"]
        ]
        for thing in found["preview"]["things"]
        if thing["outcome"] == "CHANGED"
    }


async def test_each_thing_says_which_fields_change(made: Made, teacher: Person, look: Work) -> None:
    course, ids, files = made
    files = edited(files, "course.toml", ('"All of it."', '"All of it, and more."'))
    files = edited(files, "01-first/module.toml", ('"First"', '"<b>First</b>"'))
    files = edited(files, "02-second/module.toml", ("slug = ", 'prerequisites = ["first"]\nslug = '))
    files = edited(files, "01-lesson.md", ("# One", f"# Two\n\n{'A long text. ' * 20}"))
    files = edited(files, "tests.toml", ('expected = """\n2', 'expected = """\n3'))
    files = edited(files, "quiz.toml", ('"Yes"', '"Sure"'))
    bank = next(name for name in files if name.endswith("bank/questions.toml"))
    parts = files[bank].decode().split("[[question]]")
    files[bank] = "[[question]]".join([part for part in parts if "Goes?" not in part]).encode()
    found = await look(await send(teacher, files, course))
    assert found["problems"] == []
    changes = told(found)
    assert changes["COURSE"] == [("", "description", "CHANGED", "All of it.", "All of it, and more.")]
    assert changes["ASSIGNMENT"] == [("tests 1 One", "expected", "CHANGED", None, None)]
    assert changes["QUIZ"] == [
        ("questions 1 Is it? / options 1 Sure", "text", "CHANGED", "Yes", "Sure"),
    ]
    assert changes["BANK"] == [("questions 0 Goes?", None, "REMOVED", None, None)]
    modules = [thing for thing in found["preview"]["things"] if thing["kind"] == "MODULE"]
    named = {field["name"]: (field["old"], field["new"]) for thing in modules for field in thing["fields"]}
    assert named == {"title": ("First", "<b>First</b>"), "prerequisites": ("[]", "<b>First</b>")}
    (lesson,) = (thing for thing in found["preview"]["things"] if thing["kind"] == "MATERIAL")
    (text,) = lesson["fields"]
    assert (text["name"], text["is_text"], text["old"], text["new"]) == ("content", True, None, None)
    assert (text["diff"]["removed"], text["diff"]["added"]) == (1, 3)
    assert [line["kind"] for line in text["diff"]["lines"]] == ["changed", "added", "added"]
    assert await number_of_versions(teacher, course, ids["Lesson"]) == 1, "a preview leaves nothing"


async def number_of_versions(teacher: Person, course: str, subject: str) -> int:
    return len((await teacher.get(f"/courses/{course}/versions?subject={subject}")).json()["items"])


async def test_what_is_listed_is_bounded(
    made: Made, teacher: Person, look: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, _ids, files = made
    changed = edited(files, "01-lesson.md", ("# One", "# Two\n" * 500), ('"Lesson"', '"Other"'))
    changed = edited(changed, "quiz.toml", ('"Yes"', '"Sure"'), ('"No"', '"Never"'))
    monkeypatch.setattr(note_changes, "MOST_LINES", 5)
    found = await look(await send(teacher, changed, course))
    lesson = next(thing for thing in found["preview"]["things"] if thing["kind"] == "MATERIAL")
    diff = next(field["diff"] for field in lesson["fields"] if field["name"] == "content")
    assert (len(diff["lines"]), diff["truncated"], diff["added"]) == (5, True, 501)
    for name, value in (("MOST_FIELDS", 1), ("MOST_COMPARED", 100)):
        monkeypatch.setattr(note_changes, name, value)
        found = await look(await send(teacher, changed, course))
        things = {thing["kind"]: thing for thing in found["preview"]["things"]}
        assert sum(len(thing["fields"]) for thing in things.values()) == 1
        assert any(thing["more_fields"] for thing in things.values())
        assert name == "MOST_FIELDS" or not any(field["diff"] for one in things.values() for field in one["fields"])


def test_parts_are_told_apart_by_what_they_are() -> None:
    first, second = {"id": "1", "text": "One", "points": 1}, {"id": "2", "text": "Two", "points": 1}
    before = {"questions": [first, second], "title": "Quiz", "left_behind": 1}
    after = {"questions": [{"id": "3", "text": "New"}, second | {"position": 2}, first | {"points": 3}], "since": 1}
    found = [
        ([(part.number, part.title) for part in one.within], one.name, one.outcome)
        for one in changed_fields(before, after)
    ]
    assert found == [
        ([(1, "New")], None, "CREATED"),
        ([(3, "One")], "points", "CHANGED"),
        ([], "questions", "MOVED"),
    ]
    alike = {"tests": [{"name": "Same", "stdin": "a"}, {"name": "Same", "stdin": "b"}]}
    fewer = {"tests": [{"name": "Same", "stdin": "b"}]}
    assert [(one.within[0].number, one.name, one.outcome) for one in changed_fields(alike, fewer)] == [
        (1, "stdin", "CHANGED"),
        (2, None, "REMOVED"),
    ]


def requiring(*slugs: str) -> str:
    return f"requires = {list(slugs)}\n"


async def before_it(owner: asyncpg.Connection, course: str) -> set[str]:
    rows = await owner.fetch(
        """SELECT c.slug FROM learning.course_prerequisites p JOIN learning.courses c ON c.id = p.prerequisite_id
           WHERE p.course_id = $1""",
        UUID(course),
    )
    return {row["slug"] for row in rows}


async def test_courses_to_complete_before_travel_by_slug(
    *, teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection, shelf: Shelf, person: People
) -> None:
    stranger = (await person(Role.INSTRUCTOR)).id
    offered = await shelf.course(instructor_id=stranger)
    draft = await shelf.course(instructor_id=stranger, status=PublicationStatus.DRAFT)
    own = await shelf.course(instructor_id=teacher.id, status=PublicationStatus.DRAFT)
    sent = small(says=requiring(offered.slug, draft.slug, own.slug, "no-such-course"))
    found = await look(await send(teacher, sent))
    unknown = {"code": "requires-unknown", "names": [draft.slug, "no-such-course"]}
    assert (found["problems"], found["preview"]["warnings"]) == ([], [unknown])
    copy = (await apply(found["id"]))["target_id"]
    assert await before_it(owner, copy) == {offered.slug, own.slug}
    files = await exported(teacher, copy)
    top = next(text for name, text in files.items() if name.endswith("/course.toml"))
    assert set(tomllib.loads(top.decode())["requires"]) == {offered.slug, own.slug}
    again = await look(await send(teacher, files, copy))
    assert (again["preview"]["things"], again["preview"]["warnings"]) == ([], [])

    # What waits for this course cannot come before it, nor can it itself.
    await owner.execute("INSERT INTO learning.course_prerequisites VALUES ($1, $2)", own.course_id, UUID(copy))
    slug = (await teacher.get(f"/teach/courses/{copy}")).json()["slug"]
    await owner.execute("DELETE FROM learning.course_prerequisites WHERE course_id = $1", UUID(copy))
    round_about = small(says=requiring(own.slug, slug, offered.slug))
    found = await look(await send(teacher, round_about, copy))
    circular = {"code": "requires-circular", "names": [own.slug, slug]}
    assert found["preview"]["warnings"] == [circular]
    assert ("", "requires", "CHANGED", "", f"Course {offered.slug}") in told(found)["COURSE"]

    # What was agreed to is no longer what would happen: it is shown again, and nothing is written.
    await owner.execute("UPDATE learning.courses SET status = 'DRAFT' WHERE id = $1", offered.course_id)
    stale = await apply(found["id"])
    assert (stale["status"], stale["outdated"]) == ("PENDING", True)
    assert await before_it(owner, copy) == set()
    await owner.execute("UPDATE learning.courses SET status = 'PUBLISHED' WHERE id = $1", offered.course_id)
    assert (await look(found["id"]))["status"] == "READY"
    assert (await apply(found["id"]))["status"] == "APPLIED"
    assert await before_it(owner, copy) == {offered.slug}

    # Files that are written by hand, and say nothing of them, leave them as they are; an empty list means none.
    by_hand = small(body="## Hello\n") | {
        "sent-in/course.toml": str(small()["sent-in/course.toml"]).replace("lenient = true\n", "")
    }
    for says, after in (("", {offered.slug}), (requiring(), set[str]())):
        sent = by_hand | {"sent-in/course.toml": str(by_hand["sent-in/course.toml"]) + says}
        found = await look(await send(teacher, sent, copy))
        assert found["problems"] == []
        assert (await apply(found["id"]))["status"] == "APPLIED"
        assert await before_it(owner, copy) == after
    many = small(says=requiring(*(f"course-{number}" for number in range(21))))
    refused = await look(await send(teacher, many))
    assert "requires" in refused["problems"][0]["message"]
