"""ZIPs that are made to break their reader are refused in words, through the API and the page, and nothing of them stays."""

import io
import re
import stat
import struct
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.services.learning.actions.importing import work
from fixtures.accounts import client_for

from .conftest import Person
from .importing import TEXT_FILE, Work, look, packed, read_here, small

__all__ = ["look", "read_here"]

pytestmark = pytest.mark.usefixtures("read_here")
DENSE = 120 << 20
"""Bytes that a few hundred kilobytes unpack to, and no course does."""


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def course_and(*entries: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The smallest course, and these."""
    texts = [(name, text.encode() if isinstance(text, str) else text) for name, text in small().items()]
    return zipped(*texts, *entries, packing=packing)


def deep() -> bytes:
    """Zeros that are packed once, however often they are listed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("sent-in/course.toml", "x")
        with archive.open("sent-in/uploads/zeros", "w") as part:
            for _ in range(DENSE >> 20):
                part.write(bytes(1 << 20))
    return target.getvalue()


def linked() -> bytes:
    entry = zipfile.ZipInfo("sent-in/media/passwd.txt")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return course_and((entry, b"/etc/passwd"))


def told(content: bytes, signature: bytes, place: int, value: bytes) -> bytes:
    """The ZIP with other bytes in the last record of this kind."""
    start = content.rindex(signature) + place
    return content[:start] + value + content[start + len(value) :]


ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"


def locked() -> bytes:
    return told(course_and(), ENTRY, 8, struct.pack("<H", 1))


def other_packing() -> bytes:
    return course_and(("sent-in/media/x.txt", b"x" * 99), packing=zipfile.ZIP_LZMA)


def smaller_than_it_is() -> bytes:
    """The list says 4 bytes of what comes to a megabyte."""
    return told(course_and(("sent-in/media/x.txt", bytes(1 << 20))), ENTRY, 24, struct.pack("<I", 4))


def endless_list() -> bytes:
    """It says that its list of files takes four gigabytes; the file is filled up as far as such a lie has to reach."""
    content = course_and()
    start = content.index(ENTRY)
    padded = content[:start] + bytes(7 << 20) + content[start:]
    return told(told(padded, END, 12, struct.pack("<I", len(padded) - 22)), END, 16, struct.pack("<I", 0))


def broken_body() -> bytes:
    """What is packed is none."""
    content = zipped(("sent-in/course.toml", bytes(range(256)) * 9))
    start = 30 + len("sent-in/course.toml")
    return content[:start] + b"\xff" * 20 + content[start + 20 :]


def many() -> bytes:
    """70,000 entries, written without Python's writer, which takes its time."""
    listed, content = bytearray(), zipped(("a", b""))
    local = content.index(ENTRY)
    record = content[local : content.index(END)]
    for number in range(70_000):
        listed += record[:28] + struct.pack("<H", 5) + record[30:46] + b"%05d" % number
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, len(listed), local, 0)
    return content[:local] + bytes(listed) + end


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb by its density": (deep, "far more than its size"),
    "a bomb by its number of files": (many, "more than a course may hold"),
    "a link": (linked, "a link or a device"),
    "a path above": (lambda: course_and(("../../etc/cron.d/x", b"x")), "names consist of"),
    "a path within and above": (lambda: course_and(("sent-in/media/../../../x", b"x")), "names consist of"),
    "an absolute name": (lambda: course_and(("/etc/x", b"x")), "names consist of"),
    "a name of ten thousand letters": (lambda: course_and(("sent-in/" + "n" * 10_000, b"x")), "names consist of"),
    "a name with control characters": (lambda: course_and(("sent-in/a\x1b[31m\u202eb", b"x")), "names consist of"),
    "a name in two cases": (lambda: course_and((TEXT_FILE.upper(), b"x")), "differ in capitals only"),
    "a file that is a folder too": (lambda: course_and((f"{TEXT_FILE}/x", b"x")), "the folder of the other"),
    "an entry with a password": (locked, "locked with a password"),
    "another way of packing": (other_packing, "packed in a way"),
    "a list that says less than there is": (smaller_than_it_is, "no ZIP, or a damaged one"),
    "a list without end": (endless_list, "more than a course may hold"),
    "a body that is none": (broken_body, "no ZIP, or a damaged one"),
    "a ZIP in a ZIP": (lambda: zipped(("course.zip", packed(small()))), "nothing to learn here"),
    "YAML that is no UTF-8": (lambda: packed(small() | {TEXT_FILE: b"---\ntitle: \xff\xfe\n---\n"}), "UTF-8"),
    "TOML that is no UTF-8": (lambda: packed(small() | {"sent-in/course.toml": b'title = "\xe9"'}), "UTF-8"),
}


@pytest.fixture(scope="module")
async def browser(application: Application, teacher: Person) -> AsyncIterator[httpx.AsyncClient]:
    """The teacher's pages."""
    async with client_for(application, headers={"Authorization": teacher.api.headers["Authorization"]}) as client:
        yield client


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_zip_leaves_nothing(
    name: str,
    *,
    application: Application,
    teacher: Person,
    browser: httpx.AsyncClient,
    look: Work,
    owner: asyncpg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build, said = HOSTILE[name]
    content = build()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = await owner.fetchval("SELECT count(*) FROM learning.courses")
    files = {"file": ("course.zip", content, "application/zip")}
    by_api = await teacher.api.post("/teach/imports", files=files)
    assert by_api.status_code == 202, by_api.text
    refused = await look(by_api.json()["id"])
    assert (refused["status"], refused["preview"]) == ("REFUSED", None)
    first = refused["problems"][0]
    assert said in first["message"], refused["problems"][:3]
    assert len(first["path"]) < 200
    assert first["path"].isprintable()

    by_form = await browser.post("/teach/import", files=files)
    assert by_form.status_code == 303, by_form.text
    place = by_form.headers["location"]
    await work.work_on(application.database, application.settings, UUID(place.rpartition("/")[2]))
    page = await browser.get(place)
    assert page.status_code == 200
    assert "Nothing was changed." in page.text
    assert re.search(re.escape(said), page.text)

    assert await owner.fetchval("SELECT count(*) FROM learning.courses") == before
    assert list(tmp_path.iterdir()) == [], "nothing is left in the scratch folder"
    for import_id in (refused["id"], place.rpartition("/")[2]):
        deleted = await owner.fetchval(
            "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'learning.delete_files' AND convert_from(payload, 'UTF8') LIKE $1",
            f"%imports/{import_id}%",
        )
        assert deleted == 1, "the ZIP itself is not kept"
        assert (await teacher.delete(f"/imports/{import_id}")).status_code == 204
