"""A course comes in as a ZIP, without scripts: sent, looked at, taken over, given up."""

import io
import re
import zipfile
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.actions.importing import read_sent, work
from codezest.services.learning.content.load import read
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.problems import Problem
from codezest_db.enums import Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser

from .browser import Browser, text_of


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """A ZIP with one text for another in all of its files."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return target.getvalue()


@pytest.fixture
def reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_folder(folder: Path) -> tuple[LoadedContent, list[Problem]]:
        content, problems = read(folder)
        return content, problems.found

    monkeypatch.setattr(read_sent, "read_apart", read_folder)


@pytest.mark.usefixtures("reads_here")
async def test_send_look_and_take_over(
    application: Application, database: Database, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    teacher = await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    course = await shelf.course(instructor_id=teacher.id, title="Loops for all")
    lesson = await shelf.material(await shelf.module(course), title="Loops", content="Old words\n")
    browser, base = Browser(application, teacher.token), f"/teach/courses/{course.course_id}"

    assert f'href="{base}/import"' in (await browser.read(f"{base}/versions")).text
    export = (await browser.open(f"{base}/export")).content

    async def sent(place: str, content: bytes | None, status: int = 303) -> str:
        page = await browser.read(place)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        files = {"file": ("my <b>course</b>.zip", content, "application/zip")} if content is not None else {"x": b""}
        answer = await browser.client.post(place, data={"csrf_token": token[1]}, files=files)
        assert answer.status_code == status, answer.text
        return answer.headers["location"] if status == 303 else answer.text

    async def worked(place: str) -> None:
        await work.work_on(database, application.settings, UUID(place.rpartition("/")[2]))

    assert "Use a ZIP with the folder of a course." in await sent(f"{base}/import", b"nonsense", 422)
    assert "Choose a file first." in await sent(f"{base}/import", None, 422)

    broken = await sent(f"{base}/import", changed(export, b"title = ", b"titel = "))
    assert "is being read" in text_of(await browser.read(broken))
    await worked(broken)
    said = text_of(await browser.read(broken))
    assert "Nothing was changed." in said
    assert "module.toml" in said
    assert "Did you mean" in said

    place = await sent(
        f"{base}/import", changed(changed(export, b"Old words", b"New words"), b'"Loops"', b'"<i>Loops</i>"')
    )
    assert (await browser.open(broken)).status_code == 404, "what comes later takes its place"
    await worked(place)
    page = await browser.read(place)
    assert "my <b>course</b>.zip" not in page.text
    assert f'href="/teach/materials/{lesson}"' in page.text
    assert re.search(r"<strong>Title</strong> <del>.*Loops</del> → <ins>.*&lt;i&gt;Loops&lt;/i&gt;</ins>", page.text)
    assert "The text changes" in text_of(page)
    assert re.search(r'data-kind="changed".*<mark>New</mark> words', page.text, re.DOTALL)
    await browser.send(page, f"{place}/apply", {})
    await browser.send(page, f"{place}/apply", {})
    await worked(place)
    assert "The files are taken over." in text_of(await browser.read(place))
    assert await owner.fetchval("SELECT content FROM learning.materials WHERE id = $1", lesson) == "New words\n"

    nothing = await sent(f"{base}/import", (await browser.open(f"{base}/export")).content)
    await worked(nothing)
    page = await browser.read(nothing)
    assert "the course is what the files say" in text_of(page)
    assert f"{nothing}/apply" not in page.text
    done = await browser.follow(await browser.send(page, f"{nothing}/discard", {}))
    assert "The ZIP is discarded." in text_of(done)

    new = await sent("/teach/import", export)
    await worked(new)
    page = await browser.read(new)
    await browser.send(page, f"{new}/apply", {})
    await worked(new)
    made = re.search(r'href="(/teach/courses/[0-9a-f-]{36})">Open the course', (await browser.read(new)).text)
    assert made is not None
    assert made[1] != base
    assert "Draft" in text_of(await browser.read(made[1]))
    stranger = Browser(application, (await make_user(Role.INSTRUCTOR)).token)
    for hidden in (new, f"{base}/import"):
        assert (await stranger.open(hidden)).status_code == 404

    # Whoever has lost the course reads why, and is offered nothing more.
    lost = await sent(f"{base}/import", changed(export, b"Old words", b"Other words"))
    await worked(lost)
    page = await browser.read(lost)
    await owner.execute("UPDATE learning.courses SET status = 'ARCHIVED' WHERE id = $1", course.course_id)
    kept = await browser.send(page, f"{lost}/apply", {})
    assert kept.status_code == 409
    assert "This course is archived." in text_of(kept)
    await owner.execute("UPDATE learning.courses SET status = 'PUBLISHED' WHERE id = $1", course.course_id)
    await owner.execute("UPDATE learning.imports SET status = 'PENDING' WHERE target_id = $1", course.course_id)
    await owner.execute("UPDATE learning.courses SET instructor_user_id = NULL WHERE id = $1", course.course_id)
    assert (await browser.open(lost)).status_code == 404
    await worked(lost)
    page = await browser.read(lost)
    assert "you no longer write this course" in text_of(page)
    assert f"{base}/import" not in page.text
