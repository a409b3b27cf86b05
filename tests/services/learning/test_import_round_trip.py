"""A course comes in as files: looked at first, then taken over as it was shown."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.services.learning.actions.importing.stage_import import forget_old

from .conftest import Person, number, problem
from .importing import (
    IDS,
    Files,
    Work,
    add_files,
    apply,
    convert_once,
    exported,
    look,
    packed,
    plain,
    read_here,
    send,
    slug_in,
    small,
    text_of,
    written,
)

__all__ = ["apply", "convert_once", "look", "read_here"]

Made = tuple[str, dict[str, str], Files]


@pytest.fixture(scope="module")
async def made(teacher: Person) -> Made:
    """A course without files that its tests change in turn; its id, ids by name, and its export."""
    course, ids = await written(teacher, f"Made {uuid4().hex[:8]}")
    return course, ids, await exported(teacher, course)


@pytest.mark.usefixtures("convert_once")
async def test_a_course_goes_round_through_the_studio(
    request: pytest.FixtureRequest, teacher: Person, look: Work, apply: Work, *, owner: asyncpg.Connection
) -> None:
    course, ids = await written(teacher, f"Round {uuid4().hex[:8]}")
    await add_files(teacher, course, ids)
    before = await exported(teacher, course)

    unchanged = await look(await send(teacher, packed(before), course))
    request.getfixturevalue("read_here")
    assert (unchanged["status"], unchanged["problems"]) == ("READY", [])
    assert (unchanged["preview"]["things"], unchanged["preview"]["unchanged"]) == ([], 7)

    new = await look(await send(teacher, packed(before)))
    assert (new["status"], new["problems"]) == ("READY", [])
    assert {one["outcome"] for one in new["preview"]["things"]} == {"CREATED"}
    assert new["preview"]["files"] == 3
    assert await number(owner, "SELECT count(*) FROM learning.courses WHERE id = $1", UUID(new["target_id"])) == 0
    applied = await apply(new["id"])
    assert applied["status"] == "APPLIED"
    copy = applied["target_id"]
    after = await exported(teacher, copy)
    assert plain(after) == plain(before)
    assert not set(map(str, IDS.findall(text_of(after)))) & set(IDS.findall(text_of(before)))
    settings = (await teacher.get(f"/teach/courses/{copy}")).json()
    assert (settings["status"], settings["slug"], settings["role"]) == ("DRAFT", f"{slug_in(before)}-2", "OWNER")
    lesson = await owner.fetchrow(
        """SELECT i.id, i.content, v.source, v.user_id FROM learning.materials i
           JOIN learning.modules m ON m.id = i.module_id JOIN learning.versions v ON v.subject_id = i.id
           WHERE m.course_id = $1 AND i.title = 'Lesson'""",
        UUID(copy),
    )
    assert lesson is not None
    assert (lesson["source"], lesson["user_id"]) == ("FILES", teacher.id)
    assert ids["picture"] not in lesson["content"]

    again = await look(await send(teacher, packed(before), copy))
    assert (again["preview"]["things"], again["preview"]["files"]) == ([], 0), "the same files mean the same things"
    taken = await number(
        owner, "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.course_imported' AND payload::text LIKE $1",
        f"%{copy}%",
    )  # fmt: skip
    assert taken == 1


@pytest.mark.usefixtures("read_here")
async def test_only_what_changed_is_changed(made: Made, teacher: Person, look: Work, apply: Work) -> None:
    course, ids, files = made
    lesson = next(name for name in files if name.endswith("01-lesson.md"))
    quiz = next(name for name in files if name.endswith("quizzes/quiz.toml"))
    module = next(name for name in files if name.endswith("02-second/module.toml"))
    changed = files | {
        lesson: files[lesson].replace(b"# One", b"# Two"),
        module: files[module].replace(b'"quizzes/quiz"', b'"quizzes/other"'),
        quiz.replace("quiz.toml", "other.toml"): files[quiz].replace(ids["Quiz"].encode(), str(uuid4()).encode()),
    }
    del changed[quiz]
    found = await look(await send(teacher, changed, course))
    assert found["problems"] == []
    told = {(one["kind"], one["outcome"], one["title"]) for one in found["preview"]["things"]}
    assert told == {
        ("MATERIAL", "CHANGED", "Lesson"),
        ("QUIZ", "CREATED", "Quiz"),
        ("QUIZ", "REMOVED", "Quiz"),
    }
    removed = next(one for one in found["preview"]["things"] if one["outcome"] == "REMOVED")
    assert removed["id"] == ids["Quiz"]

    applied = await apply(found["id"])
    assert applied["status"] == "APPLIED"
    twice = await teacher.post(f"/imports/{found['id']}/apply")
    assert (twice.status_code, twice.json()["status"]) == (202, "APPLIED")
    read = (await teacher.get(f"/materials/{ids['Lesson']}")).json()
    assert read["content"].startswith("# Two")
    versions = (await teacher.get(f"/courses/{course}/versions?subject={ids['Lesson']}")).json()["items"]
    assert [one["source"] for one in versions] == ["FILES", "EDITED"]
    assert (await teacher.post(f"/versions/{versions[1]['id']}/restore", {})).status_code == 204


@pytest.mark.usefixtures("read_here")
async def test_solutions_that_come_in_are_checked(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection
) -> None:
    course, ids = await written(teacher, f"Programs {uuid4().hex[:8]}")
    key = {"language": "python", "solution": "print(2)", "tests": [{"expected": "2", "visible": True}]}
    asked = {"type": "CODE", "text": "Print two.", "answer_key": key}
    assert (await teacher.post(f"/quizzes/{ids['Quiz']}/questions", asked)).status_code == 201
    new = await look(await send(teacher, packed(await exported(teacher, course))))
    checks = """SELECT count(*) FROM learning.question_runs r JOIN learning.questions q ON q.id = r.question_id
                JOIN learning.quizzes z ON z.id = q.quiz_id JOIN learning.modules m ON m.id = z.module_id
                WHERE r.purpose = 'CHECK' AND r.status = 'PENDING' AND m.course_id = $1"""
    assert await number(owner, checks, UUID(new["target_id"])) == 0
    assert (await apply(new["id"]))["status"] == "APPLIED"
    assert await number(owner, checks, UUID(new["target_id"])) == 1


@pytest.mark.usefixtures("read_here")
async def test_what_changed_meanwhile_is_looked_at_again(made: Made, teacher: Person, look: Work, apply: Work) -> None:
    course, ids, files = made
    lesson = next(name for name in files if name.endswith("01-lesson.md"))
    changed = files | {lesson: files[lesson].replace(b"# One", b"# Three")}
    found = await look(await send(teacher, changed, course))
    assert (await teacher.patch(f"/materials/{ids['Lesson']}", {"content": "# Mine"})).status_code < 300
    stale = await apply(found["id"])
    assert (stale["status"], stale["outdated"]) == ("PENDING", True)
    assert (await teacher.get(f"/materials/{ids['Lesson']}")).json()["content"] == "# Mine"
    assert problem(await teacher.post(f"/imports/{found['id']}/apply")) == (409, "import-not-ready")
    again = await look(found["id"])
    assert (again["status"], again["outdated"]) == ("READY", True)
    assert (await apply(found["id"]))["status"] == "APPLIED"
    assert (await teacher.get(f"/materials/{ids['Lesson']}")).json()["content"].startswith("# Three")


async def test_what_waits_too_long_is_forgotten(
    teacher: Person, application: Application, owner: asyncpg.Connection
) -> None:
    import_id = await send(teacher, small())
    await owner.execute(
        "UPDATE learning.imports SET created_at = now() - interval '25 hours' WHERE id = $1", UUID(import_id)
    )
    async with application.database.write("learning") as session:
        assert await forget_old(session) >= 1
    assert (await teacher.get(f"/imports/{import_id}")).status_code == 404
    keys = "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'learning.delete_files' AND convert_from(payload, 'UTF8') LIKE $1"
    assert await number(owner, keys, f"%imports/{import_id}%") == 1
