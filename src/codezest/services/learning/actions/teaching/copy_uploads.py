"""The files of a course in its copy: rows of their own, addresses that name them, and, once that is settled, their content."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.actions.teaching.copy_rows import Copy
from codezest.services.learning.actions.uploads.add_upload import keys_of
from codezest.services.learning.actions.uploads.copy_files import ask_for_copies
from codezest_db.models.learning import Assignment, Course, Material, Option, Question, Upload

_NAMED = re.compile(r"uploads/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_TEXTS: Sequence[tuple[type[Any], Sequence[str]]] = (
    (Course, ("image_key", "description")),
    (Material, ("video_key", "image_key", "file_key", "captions_url", "content", "transcript")),
    (Assignment, ("instructions",)),
    (Question, ("text", "explanation", "media")),
    (Option, ("text",)),
    (Upload, ("html",)),
)
"""Columns that may name a file, by table."""


async def copy_uploads(copy: Copy) -> None:
    """Copy the rows, and ask for the content to follow when the transaction has ended."""
    await copy.rows(Upload, parent="course_id", among={copy.course_id: copy.new_course_id}, itself="parent_id")
    became = copy.of(Upload)
    if not became:
        return
    rows = await copy.session.scalars(select(Upload).where(Upload.id.in_(list(became))))
    pairs = [(key, key.replace(str(row.id), str(became[row.id]))) for row in rows.all() for key in keys_of(row)]
    await ask_for_copies(copy.session, pairs)


async def mend_addresses(copy: Copy) -> None:
    """Let everything that was copied name the files of the copy. Call it when all is there."""
    became = copy.of(Upload)
    if not became:
        return
    await _name_documents(copy, became)
    for model, columns in _TEXTS:
        ids = [copy.new_course_id] if model is Course else list(copy.of(model).values())
        for row in await _naming(copy.session, model, columns, ids):
            for column in columns:
                value = getattr(row, column)
                if value is not None:
                    setattr(row, column, _mended(value, became))
    await copy.session.flush()


async def _name_documents(copy: Copy, became: Mapping[UUID, UUID]) -> None:
    """What came from a content folder is, in the copy, a file like any other."""
    lessons = list(copy.of(Material).values())
    listed = select(Upload).where(Upload.id.in_(list(became.values())), Upload.content_key.is_not(None))
    for row in (await copy.session.scalars(listed)).all():
        named = update(Material).where(Material.id.in_(lessons), Material.file_key == row.content_key)
        await copy.session.execute(named.values(file_key=f"uploads/{row.id}"))
        row.content_key = None
    await copy.session.flush()


async def _naming(session: AsyncSession, model: type[Any], columns: Sequence[str], ids: list[UUID]) -> Sequence[Any]:
    names = [getattr(model, column).contains("uploads/") for column in columns if column != "media"]
    if "media" in columns:
        names.append(getattr(model, "media").is_not(None))  # noqa: B009 - questions alone have it
    return (await session.scalars(select(model).where(model.id.in_(ids), or_(*names)))).all()


def _mended(value: Any, became: Mapping[UUID, UUID]) -> Any:
    if isinstance(value, str):
        return _NAMED.sub(lambda found: f"uploads/{became.get(UUID(found[1]), found[1])}", value)
    if isinstance(value, dict):
        return {name: _mended(one, became) for name, one in value.items()}
    return value
