"""A course comes in as files: looked at first, then taken over, and never more than its author may do."""

import io
import re
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.services.learning.actions.importing import check_values, work
from codezest.services.learning.actions.importing.stage_import import forget_old
from codezest.services.learning.content.load import read
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.content.read_apart import MOST_PROBLEMS
from codezest_db.enums import Role
from factories.files import docx, paragraph, pdf, png
from factories.learning import Shelf

from .conftest import People, Person, number, problem

Files = dict[str, bytes]
Work = Callable[[str], Awaitable[dict[str, Any]]]


def packed(files: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def text_of(files: Files) -> str:
    return "\n".join(content.decode() for name, content in files.items() if name.endswith((".toml", ".md")))


def slug_in(files: Files) -> str:
    return next(iter(files)).partition("/")[0]


def plain(files: Files) -> dict[str, list[Any]]:
    """Names and lines without ids and without the course's own address; lists of tables stand in the order of ids."""
    slug = slug_in(files)
    found: dict[str, list[Any]] = {}
    for name, content in files.items():
        said: list[Any] = [content]
        if name.endswith((".toml", ".md")):
            said = IDS.sub("ID", content.decode()).replace(f'"{slug}"', '"SLUG"').splitlines()
        found.setdefault(IDS.sub("ID", name.partition("/")[2]), []).extend(said)
    return {name: sorted(lines) for name, lines in sorted(found.items())}


async def exported(person: Person, course: str) -> Files:
    answer = await person.get(f"/courses/{course}/export")
    assert answer.status_code == 200, answer.text
    return unpacked(answer.content)


async def send(person: Person, files: Mapping[str, bytes | str] | bytes, course: str | None = None) -> str:
    content = files if isinstance(files, bytes) else packed(files)
    path = f"/courses/{course}/imports" if course else "/teach/imports"
    answer = await person.api.post(path, files={"file": ("course.zip", content, "application/zip")})
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "PENDING"
    return str(answer.json()["id"])


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads folders in this process: another one for each test takes its time."""

    async def read_folder(folder: Path) -> tuple[LoadedContent, list[Problem]]:
        content, problems = read(folder)
        return content, sorted(problems.found, key=lambda one: (one.path, one.line or 0))[:MOST_PROBLEMS]

    monkeypatch.setattr(work, "read_apart", read_folder)


@pytest.fixture
def look(application: Application, teacher: Person) -> Work:
    """Has the worker do what is asked for, and reads the import."""

    async def done(import_id: str) -> dict[str, Any]:
        await work.work_on(application.database, application.settings, UUID(import_id))
        return dict((await teacher.get(f"/imports/{import_id}")).json())

    return done


@pytest.fixture
def apply(teacher: Person, look: Work) -> Work:
    async def done(import_id: str) -> dict[str, Any]:
        answer = await teacher.post(f"/imports/{import_id}/apply")
        assert answer.status_code == 202, answer.text
        return await look(import_id)

    return done


async def made(teacher: Person, title: str) -> tuple[str, dict[str, str]]:
    """A course of the browser's with a bit of everything; returns its id, and ids by name."""
    course = (await teacher.post("/teach/courses", {"title": title, "description": "All of it.", "tags": ["a"]})).json()
    ids: dict[str, str] = {}
    for name in ("First", "Second"):
        module = await teacher.post(f"/teach/courses/{course['id']}/modules", {"title": name})
        ids[name] = module.json()["id"]
    for kind, name, content in (
        ("PICTURE", "picture", png((64, 48))),
        ("DOCUMENT", "paper", docx(paragraph("Hello there"))),
        ("DOCUMENT", "print", pdf(("One", "Two"))),
    ):
        sent = await teacher.api.post(
            f"/courses/{course['id']}/uploads", data={"kind": kind}, files={"file": (name, content, "x/y")}
        )
        assert sent.status_code == 201, sent.text
        ids[name] = sent.json()["id"]
    lesson = {"title": "Lesson", "type": "ARTICLE", "content": f"# One\n\n![A](/uploads/{ids['picture']})\n"}
    ids["Lesson"] = (await teacher.post(f"/modules/{ids['First']}/materials", lesson)).json()["id"]
    for kind, name in (("DOCX", "paper"), ("PDF", "print")):
        shown = {"title": f"Shows {name}", "type": kind}
        ids[f"Shows {name}"] = (await teacher.post(f"/modules/{ids['First']}/materials", shown)).json()["id"]
        put = await teacher.put(f"/materials/{ids[f'Shows {name}']}/uploads/document", {"upload_id": ids[name]})
        assert put.status_code == 204, put.text
    exercise = {"title": "Exercise", "language": "python", "solution_code": "print(2)", "hints": ["Think"]}
    ids["Exercise"] = (await teacher.post(f"/modules/{ids['Second']}/assignments", exercise)).json()["id"]
    tests = [{"name": "One", "stdin": "", "expected": "2\n", "visible": True}]
    assert (await teacher.put(f"/assignments/{ids['Exercise']}/tests", {"tests": tests})).status_code < 300
    ids["Quiz"] = (await teacher.post(f"/modules/{ids['Second']}/quizzes", {"title": "Quiz"})).json()["id"]
    options = [{"text": "Yes", "is_correct": True}, {"text": "No"}]
    question = {"text": "Is it?", "explanation": "It is.", "topic": "Being", "options": options}
    answer = await teacher.post(f"/quizzes/{ids['Quiz']}/questions", question)
    assert answer.status_code == 201, answer.text
    return course["id"], ids


async def test_a_course_goes_round_through_the_studio(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection
) -> None:
    title = f"Round {uuid4().hex[:8]}"
    course, ids = await made(teacher, title)
    before = await exported(teacher, course)

    unchanged = await look(await send(teacher, packed(before), course))
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
async def test_only_what_changed_is_changed(teacher: Person, look: Work, apply: Work, person: People) -> None:
    course, ids = await made(teacher, f"Changed {uuid4().hex[:8]}")
    files = await exported(teacher, course)
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
async def test_what_changed_meanwhile_is_looked_at_again(teacher: Person, look: Work, apply: Work) -> None:
    course, ids = await made(teacher, f"Meanwhile {uuid4().hex[:8]}")
    files = await exported(teacher, course)
    lesson = next(name for name in files if name.endswith("01-lesson.md"))
    changed = files | {lesson: files[lesson].replace(b"# One", b"# Two")}
    found = await look(await send(teacher, changed, course))
    assert (await teacher.patch(f"/materials/{ids['Lesson']}", {"content": "# Mine"})).status_code < 300
    stale = await apply(found["id"])
    assert (stale["status"], stale["outdated"]) == ("PENDING", True)
    assert (await teacher.get(f"/materials/{ids['Lesson']}")).json()["content"] == "# Mine"
    assert problem(await teacher.post(f"/imports/{found['id']}/apply")) == (409, "import-not-ready")
    again = await look(found["id"])
    assert (again["status"], again["outdated"]) == ("READY", True)
    assert (await apply(found["id"]))["status"] == "APPLIED"
    assert (await teacher.get(f"/materials/{ids['Lesson']}")).json()["content"].startswith("# Two")


COURSE = """lenient = true
uuid = "{uuid}"
title = "Sent in"
slug = "sent-in"
status = "PUBLISHED"
instructor = "admin@codezest.example"
price_minor = 100
modules = ["01-one"]
"""
MODULE = 'uuid = "{uuid}"\ntitle = "One"\nslug = "one"\nitems = ["materials/01-text"]\n'
TEXT = '---\nuuid: {uuid}\ntitle: "Text"\nslug: "text"\ntype: "ARTICLE"\n{more}---\n{body}'


def small(
    *,
    course: str = "",
    module: str = "",
    text: str = "",
    more: str = "",
    body: str = "# Hello\n",
    slug: str = "sent-in",
) -> dict[str, str | bytes]:
    """The smallest course, with these ids or fresh ones."""
    course, module, text = (one or str(uuid4()) for one in (course, module, text))
    return {
        "sent-in/course.toml": COURSE.format(uuid=course).replace('"sent-in"', f'"{slug}"'),
        "sent-in/modules/01-one/module.toml": MODULE.format(uuid=module),
        "sent-in/modules/01-one/materials/01-text.md": TEXT.format(uuid=text, body=body, more=more),
    }


async def row_of(owner: asyncpg.Connection, table: str, identity: str) -> str | None:
    found = await owner.fetchval(f"SELECT to_jsonb(x)::text FROM learning.{table} x WHERE id = $1", UUID(identity))  # noqa: S608
    return str(found) if found else None


@pytest.mark.usefixtures("read_here")
async def test_ids_of_others_are_neither_changed_nor_taken(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection, shelf: Shelf, person: People
) -> None:
    theirs = await shelf.course(instructor_id=(await person(Role.INSTRUCTOR)).id)
    module = await shelf.module(theirs)
    text = await shelf.material(module)
    mine, _ids = await made(teacher, f"Mine {uuid4().hex[:8]}")
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


TABLES = ("courses", "modules", "materials")


@pytest.mark.usefixtures("read_here")
async def test_who_may_not_set_the_price_does_not_by_files(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection, shelf: Shelf, person: People
) -> None:
    course = await shelf.course(instructor_id=(await person(Role.INSTRUCTOR)).id)
    await owner.execute(
        "INSERT INTO learning.course_staff (course_id, user_id, role) VALUES ($1, $2, 'CO_INSTRUCTOR')",
        course.course_id, teacher.id,
    )  # fmt: skip
    before = await owner.fetchrow(
        "SELECT slug, status, price_minor FROM learning.courses WHERE id = $1", course.course_id
    )
    found = await look(await send(teacher, small(), str(course.course_id)))
    assert [one["code"] for one in found["preview"]["warnings"]] == ["price-kept"]
    assert (await apply(found["id"]))["status"] == "APPLIED"
    after = await owner.fetchrow(
        "SELECT slug, status, price_minor FROM learning.courses WHERE id = $1", course.course_id
    )
    assert dict(after or {}) == dict(before or {})
    await owner.execute("DELETE FROM learning.course_staff WHERE user_id = $1", teacher.id)
    again = await teacher.api.post(
        f"/courses/{course.course_id}/imports", files={"file": ("course.zip", packed(small()), "application/zip")}
    )
    assert again.status_code == 404


DOCUMENT = """[[upload]]
uuid = "{uuid}"

[upload.stored]
kind = '"DOCUMENT"'
name = '"paper.docx"'
media_type = '"text/html"'
size_bytes = "1"
sha256 = '"{digest}"'
html = '"<p onclick=x>Hi</p><script>alert(1)</script>"'
"""


@pytest.mark.usefixtures("read_here")
async def test_files_are_read_again_and_not_believed(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection
) -> None:
    upload = str(uuid4())
    listed = DOCUMENT.format(uuid=upload, digest="00" * 32)
    body = f"[Paper](/uploads/{upload})\n"
    sent = small(body=body) | {
        "sent-in/uploads.toml": listed,
        f"sent-in/uploads/{upload}": docx(paragraph("What it really says")),
    }
    applied = await apply((await look(await send(teacher, sent)))["id"])
    rows = await owner.fetch("SELECT * FROM learning.uploads WHERE course_id = $1", UUID(applied["target_id"]))
    assert [row["name"] for row in rows] == ["paper.docx"]
    assert "What it really says" in rows[0]["html"]
    assert "script" not in rows[0]["html"]
    assert "onclick" not in rows[0]["html"]
    assert rows[0]["media_type"] != "text/html"
    assert rows[0]["id"] != UUID(upload)
    fake = sent | {f"sent-in/uploads/{upload}": b"<html>no document</html>"}
    refused = await look(await send(teacher, fake))
    assert refused["status"] == "REFUSED"
    assert refused["problems"][0]["path"] == f"uploads/{upload}"


@pytest.mark.usefixtures("read_here")
async def test_a_folder_from_an_editor_brings_its_media(
    teacher: Person, look: Work, apply: Work, owner: asyncpg.Connection
) -> None:
    sent = small(body="# Hello\n\n![A leaf](media/leaf.png)\n") | {
        "sent-in/modules/01-one/materials/02-paper.md": (
            f"---\nuuid: {uuid4()}\ntitle: Paper\ntype: PDF\nfile: paper.pdf\n---\nRead it.\n"
        ),
        "sent-in/media/leaf.png": png((40, 30)),
        "sent-in/media/paper.pdf": pdf(("One",)),
        "sent-in/media/unused.png": png((4, 3)),
    }
    sent["sent-in/modules/01-one/module.toml"] = MODULE.format(uuid=uuid4()).replace(
        '"materials/01-text"', '"materials/01-text", "materials/02-paper"'
    )
    applied = await apply((await look(await send(teacher, sent)))["id"])
    course = UUID(applied["target_id"])
    rows = await owner.fetch("SELECT id, kind, pages FROM learning.uploads WHERE course_id = $1 ORDER BY kind", course)
    assert [(row["kind"], row["pages"]) for row in rows] == [("DOCUMENT", 1), ("PICTURE", None)]
    texts = await owner.fetch(
        """SELECT i.content, i.file_key FROM learning.materials i JOIN learning.modules m ON m.id = i.module_id
           WHERE m.course_id = $1 ORDER BY i.position""",
        course,
    )
    assert f"![A leaf](/uploads/{rows[1]['id']})" in texts[0]["content"]
    assert texts[1]["file_key"] == f"uploads/{rows[0]['id']}"


def huge() -> dict[str, str | bytes]:
    files = small()
    files["sent-in/course.toml"] = COURSE.format(uuid=uuid4()) + "".join(f'k{n} = "x"\n' for n in range(3_000))
    return files


def many() -> dict[str, str | bytes]:
    files = small()
    names = [f"materials/{n:04d}-text" for n in range(60)]
    files["sent-in/modules/01-one/module.toml"] = f'uuid = "{uuid4()}"\ntitle = "One"\nslug = "one"\nitems = {names}\n'
    del files["sent-in/modules/01-one/materials/01-text.md"]
    for name in names:
        text = TEXT.format(uuid=uuid4(), body="x\n", more="").replace('"text"', f'"{name[10:]}"')
        files[f"sent-in/modules/01-one/{name}.md"] = text
    return files


def with_text(text: str | bytes) -> dict[str, str | bytes]:
    return small() | {"sent-in/modules/01-one/materials/01-text.md": text}


REFUSALS: dict[str, tuple[Callable[[], dict[str, str | bytes]], str, str]] = {
    "no course": (lambda: {"readme.txt": "hello"}, ".", "nothing to learn here"),
    "two courses": (
        lambda: small() | {f"b/{name.partition('/')[2]}": text for name, text in small(slug="b").items()},
        ".",
        "one at a time",
    ),
    "a path above": (lambda: {"../course.toml": "x"}, "../course.toml", "names consist of"),
    "no UTF-8": (lambda: with_text(b"---\n\xff\xfe\n---\n"), "sent-in/modules/01-one/materials/01-text.md", "UTF-8"),
    "broken TOML": (lambda: small() | {"sent-in/course.toml": "a = \n"}, "sent-in/course.toml", "not valid TOML"),
    "a field that is none": (lambda: with_text(TEXT.format(uuid=uuid4(), body="", more="evil: 1\n")), "", "evil"),
    "unknown fields without end": (huge, "sent-in/course.toml", "is not known here"),
    "thousands of lessons": (many, ".", "at most 50 and"),
    "an address that runs a script": (
        lambda: small(more="stored:\n  video_url: '\"javascript:alert(1)\"'\n"),
        "One / Text",
        "video_url",
    ),
    "a column that is none of its": (
        lambda: small(more="stored:\n  module_id: '\"x\"'\n"),
        "sent-in/modules/01-one/materials/01-text.md",
        "no column that can be set here",
    ),
    "a value out of range": (
        lambda: small() | {"sent-in/course.toml": COURSE.format(uuid=uuid4()) + "[stored]\nregrade_days = '9999'\n"},
        ".",
        "regrade_days",
    ),
}


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(("build", "path", "said"), REFUSALS.values(), ids=REFUSALS)
async def test_what_cannot_come_in_says_where_and_why(
    teacher: Person,
    look: Work,
    monkeypatch: pytest.MonkeyPatch,
    *,
    build: Callable[[], dict[str, str | bytes]],
    path: str,
    said: str,
) -> None:
    monkeypatch.setattr(check_values, "MOST_THINGS", 50)
    found = await look(await send(teacher, build()))
    assert (found["status"], found["preview"]) == ("REFUSED", None)
    assert len(found["problems"]) <= 200
    first = found["problems"][0]
    assert said in first["message"], found["problems"][:3]
    assert path in first["path"]
    assert problem(await teacher.post(f"/imports/{found['id']}/apply")) == (409, "import-not-ready")
    assert (await teacher.delete(f"/imports/{found['id']}")).status_code == 204


async def test_what_is_no_zip_is_not_kept(teacher: Person) -> None:
    before = len((await teacher.get("/teach/imports")).json()["items"])
    for content in (b"", b"PK nonsense", b"<html></html>"):
        answer = await teacher.api.post("/teach/imports", files={"file": ("course.zip", content)})
        assert problem(answer) == (422, "upload-refused")
    assert len((await teacher.get("/teach/imports")).json()["items"]) == before


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
