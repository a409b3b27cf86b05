"""What tests of imports ask for: courses as files, whoever sends them, and a worker that reads and converts them."""

import io
import re
import zipfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit import pictures
from codezest.kit.apart import Bounds, ask_apart
from codezest.kit.documents import docx as docx_documents
from codezest.kit.documents import pdf as pdf_documents
from codezest.services.learning.actions.importing import read_sent, work
from codezest.services.learning.content.load import read
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.content.read_apart import MOST_PROBLEMS
from factories.files import docx, paragraph, pdf, png

from .conftest import Person

Files = dict[str, bytes]
Sent = Mapping[str, bytes | str]
Work = Callable[[str], Awaitable[dict[str, Any]]]

IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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
TEXT_FILE = "sent-in/modules/01-one/materials/01-text.md"


def packed(files: Sent) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


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


def small(
    *,
    course: str = "",
    module: str = "",
    text: str = "",
    more: str = "",
    body: str = "# Hello\n",
    slug: str = "sent-in",
    says: str = "",
) -> dict[str, str | bytes]:
    """The smallest course, with these ids or fresh ones; `says` is added to its first file, `more` to the head of its text."""
    course, module, text = (one or str(uuid4()) for one in (course, module, text))
    return {
        "sent-in/course.toml": COURSE.format(uuid=course).replace('"sent-in"', f'"{slug}"') + says,
        "sent-in/modules/01-one/module.toml": MODULE.format(uuid=module),
        TEXT_FILE: TEXT.format(uuid=text, body=body, more=more),
    }


async def exported(person: Person, course: str) -> Files:
    answer = await person.get(f"/courses/{course}/export")
    assert answer.status_code == 200, answer.text
    return unpacked(answer.content)


async def send(person: Person, files: Sent | bytes, course: str | None = None) -> str:
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

    monkeypatch.setattr(read_sent, "read_apart", read_folder)


@pytest.fixture(scope="module")
def convert_once() -> Iterator[None]:
    """Converts the same document and draws the same picture once: a preview, and taking it over, each do so anew."""
    answers: dict[tuple[str, bytes, tuple[str, ...]], bytes] = {}

    async def ask(module: str, request: bytes | BinaryIO, *arguments: str, bounds: Bounds) -> bytes:
        content = request if isinstance(request, bytes) else b""
        if not isinstance(request, bytes):
            request.seek(0)
            content = request.read()
            request.seek(0)
        asked = module, content, arguments
        if asked not in answers:
            answers[asked] = await ask_apart(module, request, *arguments, bounds=bounds)
        return answers[asked]

    with pytest.MonkeyPatch.context() as patch:
        for module in (docx_documents, pdf_documents, pictures):
            patch.setattr(module, "ask_apart", ask)
        yield


@pytest.fixture(scope="module")
def look(application: Application, teacher: Person) -> Work:
    """Has the worker do what is asked for, and reads the import."""

    async def done(import_id: str) -> dict[str, Any]:
        await work.work_on(application.database, application.settings, UUID(import_id))
        return dict((await teacher.get(f"/imports/{import_id}")).json())

    return done


@pytest.fixture(scope="module")
def apply(teacher: Person, look: Work) -> Work:
    async def done(import_id: str) -> dict[str, Any]:
        answer = await teacher.post(f"/imports/{import_id}/apply")
        assert answer.status_code == 202, answer.text
        return await look(import_id)

    return done


async def written(teacher: Person, title: str) -> tuple[str, dict[str, str]]:
    """A course of the browser's with a lesson, an exercise and a quiz; returns its id, and ids by name."""
    course = (await teacher.post("/teach/courses", {"title": title, "description": "All of it.", "tags": ["a"]})).json()
    ids: dict[str, str] = {}
    for name in ("First", "Second"):
        module = await teacher.post(f"/teach/courses/{course['id']}/modules", {"title": name})
        ids[name] = module.json()["id"]
    lesson = {"title": "Lesson", "type": "ARTICLE", "content": "# One\n"}
    ids["Lesson"] = (await teacher.post(f"/modules/{ids['First']}/materials", lesson)).json()["id"]
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


async def add_files(teacher: Person, course: str, ids: dict[str, str]) -> None:
    """A picture in its lesson, and a lesson for each kind of document."""
    for kind, name, content in (
        ("PICTURE", "picture", png((64, 48))),
        ("DOCUMENT", "paper", docx(paragraph("Hello there"))),
        ("DOCUMENT", "print", pdf(("One", "Two"))),
    ):
        sent = await teacher.api.post(
            f"/courses/{course}/uploads", data={"kind": kind}, files={"file": (name, content, "x/y")}
        )
        assert sent.status_code == 201, sent.text
        ids[name] = sent.json()["id"]
    content = f"# One\n\n![A](/uploads/{ids['picture']})\n"
    assert (await teacher.patch(f"/materials/{ids['Lesson']}", {"content": content})).status_code < 300
    for kind, name in (("DOCX", "paper"), ("PDF", "print")):
        shown = {"title": f"Shows {name}", "type": kind}
        ids[f"Shows {name}"] = (await teacher.post(f"/modules/{ids['First']}/materials", shown)).json()["id"]
        put = await teacher.put(f"/materials/{ids[f'Shows {name}']}/uploads/document", {"upload_id": ids[name]})
        assert put.status_code == 204, put.text


async def row_of(owner: asyncpg.Connection, table: str, identity: str) -> str | None:
    """A row as text, to see that it stays as it is."""
    found = await owner.fetchval(f"SELECT to_jsonb(x)::text FROM learning.{table} x WHERE id = $1", UUID(identity))  # noqa: S608
    return str(found) if found else None
