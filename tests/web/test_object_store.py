"""Files of a course that lie in an S3-compatible store: sent, shown, played, deleted; and what becomes of them while it fails."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.files import Files, FilesUnavailable
from codezest.kit.settings import Settings
from codezest.services.learning.actions.uploads import clear_orphans as clearing
from codezest.services.learning.actions.uploads.background import jobs
from codezest_db.enums import MaterialType, Role
from factories.files import CAPTIONS, mp4, png
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser
from fixtures.object_store import BUCKET, ObjectStore, object_store

from .browser import Browser, forms_of, text_of


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as made, pytest.MonkeyPatch.context() as patch:
        for name, value in made.environment.items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="module")
def settings(settings: Settings, store: ObjectStore) -> Settings:
    assert store.url
    return settings.model_copy(update={"files_url": f"s3://{BUCKET}/site", "files_timeout_seconds": 1.0})


@dataclass(frozen=True, slots=True)
class Room:
    course: MadePath
    lesson: UUID
    teacher: Browser
    learner: Browser

    @property
    def files(self) -> str:
        return f"/teach/courses/{self.course.course_id}/files"

    async def send(self, address: str, content: bytes, name: str, **fields: str) -> httpx.Response:
        page = await self.teacher.read(self.files)
        token = next(value for form in forms_of(page) for field, value in form.fields if field == "csrf_token")
        return await self.teacher.client.post(
            address, data={"csrf_token": token, **fields}, files={"file": (name, content, "application/octet-stream")}
        )


@pytest.fixture(scope="module")
async def room(application: Application, make_user: MakeUser, owner: asyncpg.Connection) -> AsyncIterator[Room]:
    shelf = Shelf(application.database)
    teacher, learner = await make_user(Role.INSTRUCTOR), await make_user()
    course = await shelf.course(instructor_id=teacher.id)
    module = await shelf.module(course)
    lesson = await shelf.material(module, type=MaterialType.VIDEO, video_url="https://example.org/a.mp4", content=None)
    await shelf.enroll(course, learner.id)
    made = Room(course, lesson, Browser(application, teacher.token), Browser(application, learner.token))
    yield made
    for browser in (made.teacher, made.learner):
        await browser.client.aclose()


async def rows(owner: asyncpg.Connection, room: Room) -> int:
    count = await owner.fetchval("SELECT count(*) FROM learning.uploads WHERE course_id = $1", room.course.course_id)
    assert isinstance(count, int)
    return count


async def test_a_film_is_sent_played_by_its_ranges_and_deleted(
    room: Room, store: ObjectStore, owner: asyncpg.Connection, settings: Settings
) -> None:
    slots = f"/teach/materials/{room.lesson}/uploads"
    for slot, content, name in (("video", mp4(), "film.mp4"), ("captions", CAPTIONS, "words.vtt")):
        assert (await room.send(f"{slots}/{slot}", content, name)).status_code == 303
    assert (await room.send(room.files, png(), "drawing.png", kind="PICTURE")).status_code == 303
    listed = await room.teacher.read(room.files)
    assert "drawing.webp" in text_of(listed)
    assert store.refused == []
    assert sorted(one.headers["Content-Type"] for one in store.objects.values()) == [
        "image/webp", "image/webp", "text/vtt; charset=utf-8", "video/mp4",
    ]  # fmt: skip

    lesson = await room.learner.read(f"/materials/{room.lesson}")
    assert store.url in lesson.headers["content-security-policy"]
    assert "Hello and welcome." in text_of(lesson)
    film = re.search(r'<video[^>]* src="(/files/[^"]+)"', lesson.text)
    assert film
    led = await room.learner.open(film[1])
    assert led.status_code == 302
    async with httpx.AsyncClient() as player:
        part = await player.get(led.headers["location"], headers={"Range": "bytes=8-11"})
        assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"isom", "video/mp4")
        assert part.headers["content-disposition"].startswith("inline")
        past = await player.get(led.headers["location"], headers={"Range": f"bytes={len(mp4())}-"})
        assert past.status_code == 416

    upload_id = await owner.fetchval(
        "SELECT id FROM learning.uploads WHERE course_id = $1 AND kind = 'PICTURE'", room.course.course_id
    )
    gone = await room.teacher.send(listed, f"/teach/uploads/{upload_id}/remove")
    assert "The file is deleted." in text_of(await room.teacher.follow(gone))
    delete = next(job for job in jobs(settings) if job.name.endswith("delete_files"))
    keys = [f"uploads/{upload_id}", f"uploads/{upload_id}-small"]
    store.outage = 503
    with pytest.raises(FilesUnavailable):
        await delete.handler({"keys": keys})
    store.outage = None
    await delete.handler({"keys": keys})
    assert [key for key in store.objects if str(upload_id) in key] == []


@pytest.mark.parametrize("outage", [503, 0], ids=["overloaded", "silent"])
async def test_while_the_store_fails_nothing_is_lost_and_everybody_is_told(
    room: Room, store: ObjectStore, owner: asyncpg.Connection, application: Application, outage: int
) -> None:
    before, kept = await rows(owner, room), dict(store.objects)
    store.outage = outage
    refused = await room.send(room.files, png(), "drawing.png", kind="PICTURE")
    assert refused.status_code == 503
    assert "Try again in a moment" in text_of(refused)
    lesson = await room.learner.read(f"/materials/{room.lesson}")
    assert "Hello and welcome." not in text_of(lesson)
    store.outage = None
    assert (await rows(owner, room), store.objects) == (before, kept)
    assert (await room.send(room.files, png(), "drawing.png", kind="PICTURE")).status_code == 303
    assert await rows(owner, room) == before + 1
    assert "Hello and welcome." in text_of(await room.learner.read(f"/materials/{room.lesson}"))


async def test_what_nobody_keeps_is_cleared_away(
    room: Room, store: ObjectStore, database: Database, settings: Settings
) -> None:
    kept = set(store.objects)
    files = Files.of(settings)
    await files.put("uploads/left-behind", b"x")
    for key, one in list(store.objects.items()):
        store.objects[key] = replace(one, at=now() - clearing.PATIENCE - timedelta(minutes=1))
    assert await clearing.clear_orphans(database, files) == 1
    assert set(store.objects) == kept
