"""Files of a course: who may send, see, use and delete them, and what learners' pages show of them."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.kit.files import FileMissing
from codezest.services.learning.actions.uploads import clear_orphans as clearing
from codezest_db.enums import MaterialType, Role, StaffRole
from factories.files import CAPTIONS, SCRIPT, docx, docx_bomb, drawn, mp4, paragraph, pdf, png
from factories.learning import MadePath, Shelf
from fixtures.teaching import give_role
from services.auth.pictures import bomb

from .conftest import People, Person, problem


@dataclass(frozen=True, slots=True)
class Classroom:
    """A course with its people, and one lesson of each kind that shows a file."""

    course: MadePath
    teacher: Person
    observer: Person
    stranger: Person
    learner: Person
    outsider: Person
    nobody: Person
    film: UUID
    document: UUID
    text: UUID

    @property
    def uploads(self) -> str:
        return f"/courses/{self.course.course_id}/uploads"


@pytest.fixture(scope="module")
async def classroom(person: People, shelf: Shelf, owner: asyncpg.Connection) -> Classroom:
    teacher = await person(Role.INSTRUCTOR)
    course = await shelf.course(instructor_id=teacher.id)
    module = await shelf.module(course)
    observer, stranger = await person(Role.STUDENT), await person(Role.INSTRUCTOR)
    await give_role(owner, course.course_id, observer.id, StaffRole.OBSERVER)
    return Classroom(
        course=course,
        teacher=teacher,
        observer=observer,
        stranger=stranger,
        learner=await person(enrolled=course),
        outsider=await person(),
        nobody=await person(None),
        film=await shelf.material(module, type=MaterialType.VIDEO, video_url="https://example.org/a.mp4", content=None),
        document=await shelf.material(
            module, type=MaterialType.PDF, file_url="https://example.org/a.pdf", content=None
        ),
        text=await shelf.material(module),
    )


async def send(person: Person, path: str, kind: str, content: bytes, name: str = "a file.bin") -> httpx.Response:
    files = {"file": (name, content, "text/html")}
    return await person.api.post(path, data={"kind": kind}, files=files)


async def kept(classroom: Classroom, kind: str, content: bytes, name: str = "a file.bin") -> dict[str, Any]:
    answer = await send(classroom.teacher, classroom.uploads, kind, content, name)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def page(person: Person, path: str, **options: Any) -> httpx.Response:
    return await person.api.get(f"http://localhost:8000{path}", **options)


async def test_every_kind_is_kept_as_what_it_is(classroom: Classroom) -> None:
    picture = await kept(classroom, "PICTURE", png((2000, 1000)) + SCRIPT, "../My picture.svg")
    assert (picture["name"], picture["media_type"], picture["width"], picture["height"]) == (
        "My picture.webp",
        "image/webp",
        1600,
        800,
    )
    film = await kept(classroom, "VIDEO", mp4(), "film.exe")
    assert (film["name"], film["media_type"]) == ("film.mp4", "video/mp4")
    captions = await kept(classroom, "CAPTIONS", CAPTIONS)
    assert captions["media_type"] == "text/vtt; charset=utf-8"
    document = await kept(classroom, "DOCUMENT", pdf(["One", "Two"]))
    assert (document["name"], document["pages"]) == ("a file.pdf", 2)
    notes = await kept(classroom, "ATTACHMENT", b"<h1>Notes</h1>", "notes.html")
    assert (notes["name"], notes["media_type"]) == ("notes.html", "text/plain; charset=utf-8")
    assert len({one["sha256"] for one in (picture, film, captions, document, notes)}) == 5

    listed = (await classroom.observer.get(classroom.uploads, params={"q": "NOTES"})).json()
    assert [one["id"] for one in listed["items"]] == [notes["id"]]
    assert listed["used_bytes"] >= film["size_bytes"]
    assert (await classroom.observer.get(f"/uploads/{film['id']}")).json() == film

    shown = await page(classroom.teacher, picture["url"], follow_redirects=True)
    assert (shown.status_code, shown.headers["content-type"], shown.content[:4]) == (200, "image/webp", b"RIFF")
    assert b"polyglot" not in shown.content
    small = await page(classroom.teacher, f"{picture['url']}?size=small", follow_redirects=True)
    assert len(small.content) < len(shown.content)
    saved = await page(classroom.teacher, notes["url"], follow_redirects=True)
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in saved.headers["content-security-policy"]
    assert saved.headers.get_list("content-security-policy") == [saved.headers["content-security-policy"]]


REFUSED = {
    "empty": ("ATTACHMENT", b"", "empty"),
    "html as a picture": ("PICTURE", b"<!doctype html>" + SCRIPT, "wrong-type"),
    "svg as a picture": ("PICTURE", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "wrong-type"),
    "truncated picture": ("PICTURE", png()[:60], "broken"),
    "huge dimensions": ("PICTURE", bomb(), "too-many-pixels"),
    "text as a film": ("VIDEO", b"hello", "wrong-type"),
    "truncated film": ("VIDEO", mp4()[:-9], "wrong-type"),
    "program": ("ATTACHMENT", b"\x7fELF\x02\x01\x01\0\0", "wrong-type"),
    "pdf that is none": ("DOCUMENT", b"%PDF-1.7\nnothing", "broken"),
    "zip that is no document": ("DOCUMENT", b"PK\x03\x04nothing", "broken"),
    "zip bomb": ("DOCUMENT", docx_bomb(), "too-complex"),
    "captions that are none": ("CAPTIONS", b"WEBVTT\n\nno time\n", "wrong-type"),
    "captions past their limit": ("CAPTIONS", CAPTIONS + b"x" * (2 << 20), "too-large"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_is_not_taken_leaves_nothing(
    name: str, classroom: Classroom, owner: asyncpg.Connection
) -> None:
    kind, content, reason = REFUSED[name]
    before = await owner.fetchval("SELECT count(*) FROM learning.uploads")
    answer = await send(classroom.teacher, classroom.uploads, kind, content)
    assert problem(answer) == (422, "upload-refused"), answer.text
    assert answer.json()["reason"] == reason
    assert answer.json()["errors"][0]["location"] == ["body", "file"]
    assert await owner.fetchval("SELECT count(*) FROM learning.uploads") == before


async def test_only_those_who_write_the_course_send_and_only_its_staff_looks(classroom: Classroom) -> None:
    for person, expected in [
        (classroom.nobody, (401, "unauthenticated")),
        (classroom.observer, (403, "forbidden")),
        (classroom.stranger, (404, "not-found")),
        (classroom.learner, (404, "not-found")),
    ]:
        assert problem(await send(person, classroom.uploads, "PICTURE", png())) == expected
    film = await kept(classroom, "VIDEO", mp4())
    for person, status in [(classroom.nobody, 401), (classroom.stranger, 404), (classroom.learner, 404)]:
        assert (await person.get(classroom.uploads)).status_code == status
        assert (await person.get(f"/uploads/{film['id']}")).status_code == status
    assert problem(await classroom.observer.delete(f"/uploads/{film['id']}")) == (403, "forbidden")
    assert problem(await classroom.stranger.delete(f"/uploads/{film['id']}")) == (404, "not-found")
    body = {"upload_id": film["id"]}
    assert problem(await classroom.stranger.put(f"/materials/{classroom.film}/uploads/video", body)) == (
        404,
        "not-found",
    )
    assert problem(await classroom.observer.put(f"/courses/{classroom.course.course_id}/image", body)) == (
        403,
        "forbidden",
    )


async def test_a_film_is_played_by_those_whose_lesson_it_is(classroom: Classroom) -> None:
    film, captions = await kept(classroom, "VIDEO", mp4(), "film.mp4"), await kept(classroom, "CAPTIONS", CAPTIONS)
    assert (await page(classroom.learner, film["url"])).status_code == 404
    for slot, upload in (("video", film), ("captions", captions)):
        answer = await classroom.teacher.put(f"/materials/{classroom.film}/uploads/{slot}", {"upload_id": upload["id"]})
        assert answer.status_code == 204, answer.text
    assert (await classroom.learner.get(f"/materials/{classroom.film}")).json()["video_url"] == film["url"]
    assert (await page(classroom.learner, film["url"])).status_code == 302
    for person in (classroom.outsider, classroom.stranger, classroom.nobody):
        assert (await page(person, film["url"])).status_code == 404

    lesson = (await page(classroom.learner, f"/materials/{classroom.film}")).text
    found = re.search(r'<video[^>]* src="(/files/[^"]+)"', lesson)
    assert found
    assert re.search(r'<track[^>]* src="/files/[^"]+\.vtt"', lesson)
    assert "Hello and welcome." in lesson
    part = await page(classroom.nobody, found[1], headers={"Range": "bytes=8-11"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"isom", "video/mp4")
    assert part.headers["cache-control"].startswith("private, max-age=")
    head = await classroom.nobody.api.head(f"http://localhost:8000{found[1]}")
    assert (head.status_code, int(head.headers["content-length"])) == (200, len(mp4()))
    tampered = found[1].replace("film.mp4", "film.webm")
    assert (await page(classroom.nobody, tampered)).status_code == 404
    old = re.sub(r"/\d{10}/", "/1000000000/", found[1])
    assert (await page(classroom.nobody, old)).status_code == 404

    used = await classroom.teacher.delete(f"/uploads/{film['id']}")
    assert problem(used) == (409, "upload-in-use")
    assert len(used.json()["used_in"]) == 1
    wrong = await classroom.teacher.put(f"/materials/{classroom.film}/uploads/video", {"upload_id": captions["id"]})
    assert problem(wrong) == (422, "validation-failed")
    bare = await classroom.teacher.put(f"/materials/{classroom.film}/uploads/video", {"upload_id": None})
    assert problem(bare) == (422, "not-ready")


async def test_a_pdf_stands_in_its_page_with_its_text(classroom: Classroom) -> None:
    document = await kept(classroom, "DOCUMENT", pdf(["Gradients descend"]), "slides.pdf")
    word = await kept(classroom, "DOCUMENT", docx())
    path = f"/materials/{classroom.document}/uploads/document"
    assert problem(await classroom.teacher.put(path, {"upload_id": word["id"]})) == (422, "validation-failed")
    assert (await classroom.teacher.put(path, {"upload_id": document["id"]})).status_code == 204
    lesson = await page(classroom.learner, f"/materials/{classroom.document}")
    assert "Gradients descend" in lesson.text
    assert "frame-src 'self'" in lesson.headers["content-security-policy"]
    (frame,) = re.findall(r'<iframe[^>]* src="([^"]+)"', lesson.text)
    framed = await page(classroom.nobody, frame)
    assert (framed.status_code, framed.headers["content-type"]) == (200, "application/pdf")
    assert "frame-ancestors 'self'" in framed.headers["content-security-policy"]
    assert framed.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    elsewhere = await page(classroom.learner, f"/materials/{classroom.text}")
    assert "frame-src" not in elsewhere.headers["content-security-policy"]


async def test_a_docx_stands_in_its_page_as_markup(classroom: Classroom, owner: asyncpg.Connection) -> None:
    body = paragraph("Chapter", "Heading1") + drawn("in") + paragraph("The end")
    content = docx(body, relations=[("in", "image", "media/1.png", False)], files={"word/media/1.png": png()})
    word = await kept(classroom, "DOCUMENT", content, "essay.docx")
    material = await owner.fetchval(
        """INSERT INTO learning.materials (module_id, slug, title, type, status, file_key)
           SELECT module_id, 'word', 'Word', 'DOCX', 'PUBLISHED', $2 FROM learning.materials WHERE id = $1 RETURNING id""",
        classroom.text, f"uploads/{word['id']}",
    )  # fmt: skip
    lesson = (await page(classroom.learner, f"/materials/{material}")).text
    assert '<h2 id="doc-part-1">Chapter</h2>' in lesson
    (picture,) = re.findall(r'<img[^>]* src="(/files/[^"]+)"', lesson)
    assert (await page(classroom.nobody, picture)).headers["content-type"] == "image/webp"
    child = await owner.fetchval("SELECT id FROM learning.uploads WHERE parent_id = $1", UUID(word["id"]))
    assert (await page(classroom.learner, f"/uploads/{child}")).status_code == 302
    assert (await page(classroom.outsider, f"/uploads/{child}")).status_code == 404


async def test_pictures_stand_in_texts_and_for_the_course(
    classroom: Classroom, owner: asyncpg.Connection, person: People, shelf: Shelf
) -> None:
    picture = await kept(classroom, "PICTURE", png(), "plan.png")
    other_teacher = await person(Role.INSTRUCTOR)
    other = await shelf.course(instructor_id=other_teacher.id)
    foreign = (await send(other_teacher, f"/courses/{other.course_id}/uploads", "PICTURE", png())).json()
    await owner.execute(
        "UPDATE learning.materials SET content = $2 WHERE id = $1",
        classroom.text, f"![Plan]({picture['url']}) ![Theirs]({foreign['url']})",
    )  # fmt: skip
    lesson = (await page(classroom.learner, f"/materials/{classroom.text}")).text
    assert re.search(r'<img[^>]*width="64" height="48"[^>]* src="/files/[^"]+plan\.webp" alt="Plan"', lesson)
    assert f'src="{foreign["url"]}"' in lesson
    assert (await page(classroom.learner, foreign["url"])).status_code == 404

    chosen = await classroom.teacher.put(f"/courses/{classroom.course.course_id}/image", {"upload_id": picture["id"]})
    assert chosen.status_code == 204
    strange = await classroom.teacher.put(f"/courses/{classroom.course.course_id}/image", {"upload_id": foreign["id"]})
    assert problem(strange) == (422, "validation-failed")
    course = (await classroom.nobody.get(f"/courses/{classroom.course.slug}")).json()
    assert course["image_url"] == picture["url"]
    assert (await page(classroom.nobody, picture["url"])).status_code == 302
    shown = (await page(classroom.nobody, f"/courses/{classroom.course.slug}")).text
    assert re.search(r'<img class="course-picture" src="/files/[^"]+"', shown)


async def test_what_is_unused_is_deleted_and_what_nobody_keeps_is_cleared(
    classroom: Classroom,
    application: Application,
    database: Database,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = application.edge.resources.files if application.edge.resources else None
    assert files is not None
    word = await kept(
        classroom,
        "DOCUMENT",
        docx(drawn("in"), relations=[("in", "image", "media/1.png", False)], files={"word/media/1.png": png()}),
    )
    child = await owner.fetchval("SELECT id FROM learning.uploads WHERE parent_id = $1", UUID(word["id"]))
    stays = await kept(classroom, "PICTURE", png())
    assert (await classroom.teacher.delete(f"/uploads/{word['id']}")).status_code == 204
    assert (await classroom.teacher.delete(f"/uploads/{word['id']}")).status_code == 404
    assert not await owner.fetchval(
        "SELECT count(*) FROM learning.uploads WHERE id = ANY ($1)", [UUID(word["id"]), child]
    )
    asked = await owner.fetchval(
        "SELECT payload FROM ops.pgqueuer WHERE entrypoint = 'learning.delete_files' ORDER BY id DESC LIMIT 1"
    )
    assert asked is not None
    assert word["id"].encode() in asked
    assert str(child).encode() in asked

    await files.put("uploads/0190-left-behind", b"x")
    assert await clearing.clear_orphans(database, files) == 0
    monkeypatch.setattr(clearing, "PATIENCE", timedelta(seconds=-60))
    assert await clearing.clear_orphans(database, files) >= 2
    for key in (f"uploads/{word['id']}", f"uploads/{child}", "uploads/0190-left-behind"):
        with pytest.raises(FileMissing):
            await files.stat(key)
    for key in (f"uploads/{stays['id']}", f"uploads/{stays['id']}-small"):
        assert (await files.stat(key)).size > 0


@pytest.fixture
async def browser(classroom: Classroom, application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """The teacher's pages."""
    headers = {"Authorization": classroom.teacher.api.headers["Authorization"]}
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers) as client:
        yield client


async def test_the_studio_lists_sends_and_deletes(classroom: Classroom, browser: httpx.AsyncClient) -> None:
    base = f"/teach/courses/{classroom.course.course_id}/files"
    sent = await browser.post(base, data={"kind": "PICTURE"}, files={"file": ("seal.png", png(), "image/png")})
    assert (sent.status_code, sent.headers["location"]) == (303, base)
    shown = await browser.get(base, params={"q": "seal"})
    assert shown.status_code == 200, shown.text
    (markdown,) = re.findall(r"!\[seal\]\((/uploads/[0-9a-f-]+)\)", shown.text)
    assert "no-such-name" not in shown.text
    refused = await browser.post(base, data={"kind": "VIDEO"}, files={"file": ("film.mp4", b"hello", "video/mp4")})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert 'role="alert"' in refused.text
    assert re.search(r'<option value="VIDEO" selected>', refused.text)
    assert (await browser.post(base, data={"kind": "VIDEO"})).status_code == 422
    told = await browser.post(
        base, data={"kind": "VIDEO"}, files={"file": ("x", b"hello", "")}, headers={"Accept": "application/json"}
    )
    assert (told.status_code, told.headers["content-type"]) == (422, "application/problem+json")
    removed = await browser.post(f"/teach{markdown}/remove")
    assert removed.headers["location"] == base
    assert markdown not in (await browser.get(base)).text
    watching = await page(classroom.observer, base)
    assert watching.status_code == 200
    assert "data-upload" not in watching.text
    assert (await page(classroom.stranger, base)).status_code == 404


async def test_a_form_beside_a_lesson_sends_and_shows_at_once(classroom: Classroom, browser: httpx.AsyncClient) -> None:
    path = f"/teach/materials/{classroom.document}/uploads/document"
    files = {"file": ("paper.pdf", pdf(["On paper"]), "application/pdf")}
    sent = await browser.post(path, files=files, headers={"Accept": "application/json"})
    assert sent.json() == {"location": f"/teach/materials/{classroom.document}"}
    assert "On paper" in (await page(classroom.learner, f"/materials/{classroom.document}")).text
    editor = await browser.get(f"/teach/materials/{classroom.document}")
    assert f'action="{path}"' in editor.text
    assert re.search(r'href="/files/[^"]+/paper\.pdf">paper\.pdf', editor.text)
    again = await browser.post(path, files={"file": ("paper.pdf", b"hello", "application/pdf")})
    assert again.status_code == 422
    assert f'action="{path}"' in again.text
    kept_out = await browser.post(f"{path}/remove", headers={"Referer": path})
    assert kept_out.status_code == 303
    assert "On paper" in (await page(classroom.learner, f"/materials/{classroom.document}")).text
    image = f"/teach/courses/{classroom.course.course_id}/image"
    assert (await browser.post(image, files={"file": ("a.png", png(), "image/png")})).status_code == 303
    settings = await browser.get(f"/teach/courses/{classroom.course.course_id}/settings")
    assert re.search(r'<img class="course-picture" src="/uploads/[^"]+"', settings.text)
    assert f'action="{image}"' in settings.text
    assert (await browser.post(f"{image}/remove")).status_code == 303
