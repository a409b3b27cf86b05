"""Documents and pictures that are made to take everything: refused in words, through the API and the page, and nothing of them
stays. Whoever comes next is served as before.
"""

import zlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest_db.enums import Role
from factories.files import docx, drawn, paragraph, pdf, pdf_of
from factories.learning import MadePath, Shelf
from fixtures.accounts import client_for
from services.auth.pictures import bomb

from .conftest import People, Person, problem

OBJECTS = 1_000_000
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'


def million_pages() -> bytes:
    """A PDF whose tree names a million pages, packed to some kilobytes."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    tree = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (OBJECTS, b"3 0 R " * OBJECTS)
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page])


def million_objects() -> bytes:
    """A PDF that lists a million objects, each of them nowhere."""
    rows = zlib.compress(b"\x01\x00\x00\x00\x00\x00" * OBJECTS, 1)
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<< /Type /XRef /Size %d /W [1 4 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (OBJECTS, len(rows), rows)
    )
    return head + stream + b"startxref\n%d\n%%%%EOF\n" % len(head)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a DOCX of too many parts": (
        lambda: docx(files={f"word/{number}.bin": b"" for number in range(3_000)}),
        "too-complex",
    ),
    "entities within entities": (
        lambda: docx(paragraph("&a9;"), before=ENTITIES),
        "broken",
    ),
    "entities behind a long comment": (
        lambda: docx(paragraph("&a9;"), before=f"<!--{'x' * 5_000}-->{ENTITIES}"),
        "broken",
    ),
    "an entity that is a file": (
        lambda: docx(paragraph("&x;"), before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "broken",
    ),
    "a PDF of a million pages": (million_pages, "broken"),
    "a PDF of a million objects": (million_objects, "broken"),
}


@pytest.fixture(scope="module")
async def teacher(person: People) -> Person:
    return await person(Role.INSTRUCTOR)


@pytest.fixture(scope="module")
async def course(shelf: Shelf, teacher: Person) -> MadePath:
    return await shelf.course(instructor_id=teacher.id)


@pytest.fixture(scope="module")
async def browser(application: Application, teacher: Person) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(application, headers={"Authorization": teacher.api.headers["Authorization"]}) as client:
        yield client


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_refused_and_nothing_kept(
    name: str, *, course: MadePath, teacher: Person, owner: asyncpg.Connection
) -> None:
    build, reason = BOMBS[name]
    files, data = {"file": ("file.bin", build(), "x/y")}, {"kind": "DOCUMENT"}
    by_api = await teacher.api.post(f"/courses/{course.course_id}/uploads", data=data, files=files)
    assert problem(by_api) == (422, "upload-refused"), by_api.text
    assert by_api.json()["reason"] == reason
    assert by_api.json()["detail"].endswith(".")
    assert await owner.fetchval("SELECT count(*) FROM learning.uploads") == 0


async def test_the_page_says_why_and_the_next_file_is_taken(
    course: MadePath, browser: httpx.AsyncClient, application: Application, owner: asyncpg.Connection
) -> None:
    base = f"/teach/courses/{course.course_id}/files"
    for kind, content in (("DOCUMENT", docx(paragraph("&a9;"), before=ENTITIES)), ("PICTURE", bomb())):
        page = await browser.post(base, data={"kind": kind}, files={"file": ("file.bin", content, "x/y")})
        assert page.status_code == 422
        assert 'role="alert"' in page.text
        assert 'aria-invalid="true"' in page.text
    assert await owner.fetchval("SELECT count(*) FROM learning.uploads") == 0
    inside = docx(
        drawn("in") + paragraph("Stays"),
        relations=[("in", "image", "media/1.png", False)],
        files={"word/media/1.png": bomb()},
    )
    taken = await browser.post(base, data={"kind": "DOCUMENT"}, files={"file": ("good.docx", inside, "x/y")})
    assert taken.status_code == 303, taken.text
    text = await browser.post(base, data={"kind": "DOCUMENT"}, files={"file": ("good.pdf", pdf(["One"]), "x/y")})
    assert text.status_code == 303, text.text
    rows = await owner.fetch("SELECT name, html, parent_id FROM learning.uploads ORDER BY name")
    assert [row["name"] for row in rows] == ["good.docx", "good.pdf"], "the picture in it is left out"
    assert "Stays" in rows[0]["html"]
    stored = application.edge.resources.files if application.edge.resources else None
    assert stored is not None
    later = now() + timedelta(days=1)
    assert len([key async for some in stored.listed("uploads", before=later) for key in some]) == 2
