"""Files that come with a course are read again as if they had been sent by themselves."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from factories.files import docx, paragraph, pdf, png

from .conftest import Person
from .importing import MODULE, Work, apply, convert_once, look, read_here, send, small

__all__ = ["apply", "convert_once", "look", "read_here"]

pytestmark = pytest.mark.usefixtures("read_here", "convert_once")

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
