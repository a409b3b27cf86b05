"""The timeline of a course, two versions side by side, and the way back, without scripts."""

import io
import re
import zipfile
from uuid import UUID

import asyncpg

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest_db.enums import Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser

from .browser import Browser, text_of

HOSTILE = "<script>alert(1)</script>"


async def test_look_back_compare_and_restore(
    application: Application, database: Database, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    teacher = await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    course = await shelf.course(instructor_id=teacher.id, title="Loops for all")
    lesson = await shelf.material(await shelf.module(course), title="Loops", content=f"One\n\n{HOSTILE}\n")
    for text in ("Two", "Three"):
        await owner.execute("UPDATE learning.materials SET content = $2 WHERE id = $1", lesson, f"One\n\n{text}\n")

    browser, base = Browser(application, teacher.token), f"/teach/courses/{course.course_id}"
    timeline = await browser.read(f"{base}/versions?subject={lesson}")
    assert "Loops for all" in text_of(await browser.read(f"{base}/versions"))
    addresses = re.findall(r'href="(/teach/versions/[^"]+)"', timeline.text)
    assert len(addresses) == 3
    newest, _second, first = addresses

    compared = await browser.read(newest)
    assert "Taken out: Two" in text_of(compared)
    assert "Put in: Three" in text_of(compared)
    assert "Restore this version" not in compared.text
    against = await browser.read(f"{newest}?old={first.rpartition('/')[2]}")
    assert HOSTILE not in against.text
    assert f"Taken out: {HOSTILE}" in text_of(against)

    page = await browser.read(first)
    await owner.execute("UPDATE learning.materials SET title = 'Renamed' WHERE id = $1", lesson)
    late = await browser.send(page, f"{first}/restore", {})
    assert late.status_code == 409
    assert "Another tab or another person" in text_of(late)
    done = await browser.follow(await browser.send(late, f"{first}/restore", {}))
    assert "Loops is what it was." in text_of(done)
    row = await owner.fetchrow("SELECT title, content FROM learning.materials WHERE id = $1", UUID(str(lesson)))
    assert dict(row or {}) == {"title": "Loops", "content": f"One\n\n{HOSTILE}\n"}

    packed = await browser.open(f"{base}/export")
    assert packed.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert any(name.endswith("course.toml") for name in archive.namelist())
    stranger = Browser(application, (await make_user(Role.INSTRUCTOR)).token)
    for address in (f"{base}/versions", f"{base}/export", first):
        assert (await stranger.open(address)).status_code == 404
