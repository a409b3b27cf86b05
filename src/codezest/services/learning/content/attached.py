"""Reads what an export lists beside a tree's modules: rubrics of its assignments, and files that were sent in."""

from pathlib import Path

from codezest.services.learning.content.model import AttachedContent
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.reading import read_toml
from codezest.services.learning.content.stored import read_stored
from codezest_db.models.learning import Rubric, Upload

MOST = 10_000


def load_rubrics(folder: Path, problems: Problems) -> tuple[AttachedContent, ...]:
    """The rubrics in ``rubrics.toml``, if there is one and an export wrote it."""
    found: list[AttachedContent] = []
    for fields in _tables(folder / "rubrics.toml", "rubric", problems):
        columns = {"title": fields.text("title"), **read_stored(fields, Rubric)}
        found.append(AttachedContent(id=fields.uuid(), columns=columns))
        fields.finish()
    return tuple(found)


def load_uploads(folder: Path, problems: Problems) -> tuple[AttachedContent, ...]:
    """The rows in ``uploads.toml``; the content of each lies in ``uploads/`` under its uuid."""
    found: list[AttachedContent] = []
    for fields in _tables(folder / "uploads.toml", "upload", problems):
        upload = AttachedContent(id=fields.uuid(), columns=dict(read_stored(fields, Upload)))
        if not (folder / "uploads" / str(upload.id)).is_file():
            fields.problem("uuid", f"uploads/{upload.id} does not exist: add the file")
        lacking = {"kind", "name", "media_type", "size_bytes", "sha256"} - set(upload.columns)
        if lacking:
            fields.problem(None, f"`stored` lacks {', '.join(sorted(lacking))}")
        found.append(upload)
        fields.finish()
    return tuple(found)


def _tables(path: Path, key: str, problems: Problems) -> list[Fields]:
    if not problems.lenient or not path.is_file():
        return []
    fields = read_toml(path, problems)
    if fields is None:
        return []
    tables = fields.tables(key)
    fields.finish()
    if len(tables) > MOST:
        fields.problem(None, f"there are {len(tables)} tables; at most {MOST} are read")
    return tables[:MOST]
