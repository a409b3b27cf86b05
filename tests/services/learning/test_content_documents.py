"""Documents of content folders are shown as those that are sent in, and files of copies follow them."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from codezest.cli.content import load_into
from codezest.gateway.app import Application
from codezest.kit.files import FileMissing, Files
from codezest.services.learning.actions.uploads import background
from codezest.services.learning.content.new import scaffold
from factories.files import docx, paragraph, pdf

from .conftest import Person


def folder(root: Path, slug: str) -> Path:
    """A course with a PDF and a DOCX, its own kind of content."""
    course = root / slug
    scaffold("course", course, title=f"Papers {slug}")
    module = next((course / "modules").iterdir())
    media = course / "media"
    media.mkdir(exist_ok=True)
    contents = {"PDF": pdf(("First page",)), "DOCX": docx(paragraph("Said in it"))}
    for number, (kind, content) in enumerate(contents.items(), start=2):
        text = module / "materials" / f"{number:02d}-{kind.lower()}.md"
        scaffold("material", text.with_suffix(""))
        written = text.read_text()
        assert "type: ARTICLE" in written
        text.write_text(written.replace("type: ARTICLE", f"type: {kind}\nfile: paper.{kind.lower()}"))
        (media / f"paper.{kind.lower()}").write_bytes(content)
    return course


async def test_a_lesson_shows_the_document_of_its_folder(
    application: Application, admin: Person, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    slug = f"papers-{uuid4().hex[:8]}"
    course = folder(tmp_path, slug)
    await load_into(application.database, course, application.settings)
    rows = await owner.fetch(
        """SELECT u.* FROM learning.uploads u JOIN learning.courses c ON c.id = u.course_id
           WHERE c.slug = $1 ORDER BY u.content_key DESC""",
        slug,
    )
    assert [row["pages"] for row in rows] == [1, None]
    lessons = {
        row["type"]: row["id"]
        for row in await owner.fetch(
            """SELECT i.type, i.id FROM learning.materials i JOIN learning.modules m ON m.id = i.module_id
               JOIN learning.courses c ON c.id = m.course_id WHERE c.slug = $1""",
            slug,
        )
    }
    shown = {
        kind: (await admin.api.get(f"http://localhost:8000/materials/{lessons[kind]}")).text for kind in ("PDF", "DOCX")
    }
    assert 'class="document-view"' in shown["PDF"]
    assert "First page" in shown["PDF"]
    assert "Said in it" in shown["DOCX"]

    await load_into(application.database, course, application.settings)
    again = await owner.fetch("SELECT id FROM learning.uploads WHERE course_id = $1", rows[0]["course_id"])
    assert {row["id"] for row in again} == {row["id"] for row in rows}, "what has not changed is not read again"

    changed = next((course / "media").glob("*.docx"))
    changed.write_bytes(docx(paragraph("Said anew")))
    await load_into(application.database, course, application.settings)
    assert "Said anew" in (await admin.api.get(f"http://localhost:8000/materials/{lessons['DOCX']}")).text
    export = await admin.get(f"/courses/{rows[0]['course_id']}/export")
    (tmp_path / "export.zip").write_bytes(export.content)
    shutil.unpack_archive(tmp_path / "export.zip", tmp_path / "out")
    assert (tmp_path / "out" / slug / "media" / changed.name).read_bytes() == changed.read_bytes()
    assert not (tmp_path / "out" / slug / "uploads.toml").exists()

    copy = (await admin.post(f"/teach/courses/{rows[0]['course_id']}/copies", {})).json()
    keys = await owner.fetch(
        """SELECT i.file_key, u.content_key FROM learning.materials i JOIN learning.modules m ON m.id = i.module_id
           JOIN learning.uploads u ON 'uploads/' || u.id = i.file_key WHERE m.course_id = $1""",
        UUID(copy["id"]),
    )
    assert len(keys) == 2
    assert {row["content_key"] for row in keys} == {None}


async def test_copying_files_twice_does_no_harm(application: Application) -> None:
    files = Files.of(application.settings)
    jobs = {job.name: job.handler for job in background.jobs(application.settings)}
    source, target, missing = (f"uploads/{uuid4()}" for _ in range(3))
    await files.put(source, b"content")
    payload = {"pairs": [[missing, f"uploads/{uuid4()}"], [source, target]]}
    for _ in range(2):
        await jobs["learning.copy_files"](payload)
        assert [chunk async for chunk in files.read(target)] == [b"content"]
        assert [chunk async for chunk in files.read(source)] == [b"content"]
    await jobs["learning.delete_files"]({"keys": [source, target, missing]})
    for key in (source, target):
        try:
            await files.stat(key)
        except FileMissing:
            continue
        raise AssertionError(key)
