"""A course as its staff sees it: something of every kind, half written, with words that are too long and look like markup."""

import asyncio
import io
import zipfile
from dataclasses import dataclass

import httpx

from e2e.assessed import editors
from e2e.course import API
from e2e.enrolled import ways_in
from e2e.extremes import LONG, MARKUP, RIGHT_TO_LEFT, Found, call


@dataclass(frozen=True, slots=True)
class Taught:
    """The ids of a course in the studio."""

    course: str
    module: str
    materials: dict[str, str]
    """By type."""

    @property
    def path(self) -> str:
        return f"/teach/courses/{self.course}"


async def make_taught(author: httpx.AsyncClient, title: str = f"{MARKUP} {LONG}"[:200]) -> Taught:
    """A draft of the author's own: one module with a lesson of each type, an exercise and a quiz, and an empty one."""
    new = {"title": title, "language_slug": "python", "description": "What it is about.", "price_minor": 4900}
    course = (await call(author, "POST", "/teach/courses", new))["id"]
    module = (await call(author, "POST", f"/teach/courses/{course}/modules", {"title": "Trees"}))["id"]
    await call(author, "POST", f"/teach/courses/{course}/modules", {"title": title, "slug": "empty"})
    materials: dict[str, str] = {}
    for kind in ("ARTICLE", "VIDEO", "INTERACTIVE", "PDF", "QUIZ"):
        body = {
            "title": f"{kind.title()} {title}"[:200],
            "type": kind,
            "slug": kind.lower(),
            "content": "# Text",
            "code": "print(1)",
        }
        materials[kind] = (await call(author, "POST", f"/modules/{module}/materials", body))["id"]
    await call(author, "POST", f"/modules/{module}/assignments", {"title": "Count the leaves"})
    await call(author, "POST", f"/modules/{module}/quizzes", {"title": "Do you know trees"})
    gone = (await call(author, "POST", f"/modules/{module}/quizzes", {"title": "Deleted"}))["id"]
    await call(author, "DELETE", f"/quizzes/{gone}")
    return Taught(course, module, materials)


async def studio(author: httpx.AsyncClient) -> Found:
    """The pages of the studio by route."""
    made = await make_taught(author)
    versions = (await call(author, "GET", f"/courses/{made.course}/versions"))["items"]
    return [
        ("/teach/courses/{course_id}/versions", f"{made.path}/versions"),
        ("/teach/courses/{course_id}/versions", f"{made.path}/versions?subject={versions[0]['subject_id']}"),
        ("/teach/versions/{version_id}", f"/teach/versions/{versions[0]['id']}"),
        ("/teach", "/teach"),
        ("/teach", "/teach?everybody=1&q=nothing-of-this-name"),
        ("/teach/courses/new", "/teach/courses/new"),
        ("/teach/courses/{course_id}", made.path),
        ("/teach/courses/{course_id}/settings", f"{made.path}/settings"),
        ("/teach/courses/{course_id}/staff", f"{made.path}/staff"),
        ("/teach/modules/{module_id}", f"/teach/modules/{made.module}"),
        *(("/teach/materials/{material_id}", f"/teach/materials/{material}") for material in made.materials.values()),
        *await ways_in(author, made.course),
        *await editors(author, made.course, made.module),
        *await _files(author, made),
        *await _imports(author, made),
    ]


async def _imports(author: httpx.AsyncClient, made: Taught) -> Found:
    """A ZIP that is no course, one that changes this one, and the forms that send them."""
    found: Found = [
        ("/teach/import", "/teach/import"),
        ("/teach/courses/{course_id}/import", f"{made.path}/import"),
    ]
    export = await author.get(f"{API}/courses/{made.course}/export")
    changed, broken = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(export.content)) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"# Text", b"# Another text"))
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr(f"{LONG[:80].replace(' ', '-')}/course.toml", 'title = "No uuid"\nfor = 1\n')
    for sent, status in ((broken, "REFUSED"), (changed, "READY")):
        files = {"file": (f"{MARKUP} {LONG[:80]}.zip", sent.getvalue())}
        answer = await author.post(f"{API}/courses/{made.course}/imports", files=files)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        place = f"/imports/{answer.json()['id']}"
        while (await call(author, "GET", place))["status"] == "PENDING":
            await asyncio.sleep(0.2)
        assert (await call(author, "GET", place))["status"] == status
        found.append(("/teach/imports/{import_id}", f"/teach{place}"))
        if status == "REFUSED":
            await call(author, "DELETE", place)
            found.pop()
    return found


async def _files(author: httpx.AsyncClient, made: Taught) -> Found:
    """The course's files: captions that a lesson shows, and data that nothing uses, by a long name."""
    captions = await _send(author, made, "CAPTIONS", "captions.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    await call(author, "PUT", f"/materials/{made.materials['VIDEO']}/uploads/captions", {"upload_id": captions})
    await _send(author, made, "ATTACHMENT", f"{RIGHT_TO_LEFT[:40]} {LONG[:80]}.csv", b"a,b\n1,2\n")
    return [
        ("/teach/courses/{course_id}/files", f"{made.path}/files"),
        ("/teach/courses/{course_id}/files", f"{made.path}/files?q=nothing-of-this-name"),
    ]


async def _send(author: httpx.AsyncClient, made: Taught, kind: str, name: str, content: bytes) -> str:
    answer = await author.post(
        f"{API}/courses/{made.course}/uploads", data={"kind": kind}, files={"file": (name, content)}
    )
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return str(answer.json()["id"])
