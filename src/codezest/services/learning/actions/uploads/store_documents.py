"""Keep the documents of a content folder as those that are sent in, so that lessons show them and not only lead to them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID, uuid5

import structlog
from anyio import to_thread
from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.kit.files import FileMissing, Files
from codezest.kit.jobs import enqueue
from codezest.kit.settings import Settings
from codezest.services.learning.actions.uploads.accept import accept
from codezest.services.learning.actions.uploads.add_upload import Taken, key_of, keys_of, new_upload, take_file
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest.services.learning.content import LoadedContent
from codezest.services.learning.content.model import LanguageContent
from codezest_db.enums import UploadKind
from codezest_db.models.learning import Upload

log = structlog.get_logger(__name__)


async def store_documents(database: Database, files: Files, settings: Settings, content: LoadedContent) -> int:
    """Read each PDF and DOCX that a lesson of these files shows, once; returns how many were new or have changed.

    One that cannot be read stays a link, and the log says so.
    """
    stored = 0
    for one in _documents(content):
        try:
            stored += await _store(database, files, settings, one)
        except UploadRefused as refused:
            log.warning("document_not_shown", key=one.key, reason=refused.members.get("reason"))
    return stored


@dataclass(frozen=True, slots=True)
class _Document:
    course_id: UUID
    key: str
    path: Path


def _documents(content: LoadedContent) -> Iterator[_Document]:
    for tree in content.trees:
        course = tree.path.id if isinstance(tree, LanguageContent) else tree.id
        keys = {one.file_key for module in tree.modules for one in module.materials if one.file_key}
        for key in sorted(keys):
            folder, _, name = key.partition("/")
            if folder != "uploads":
                yield _Document(course, key, tree.folder / "media" / name)


async def _store(database: Database, files: Files, settings: Settings, document: _Document) -> bool:
    course_id, key, path = document.course_id, document.key, document.path
    digest = await to_thread.run_sync(lambda: hashlib.sha256(path.read_bytes()).digest())
    async with database.write("learning") as session:
        present = await session.scalar(select(Upload).where(Upload.course_id == course_id, Upload.content_key == key))
    if present is not None and present.sha256 == digest and await _lies(files, present.id):
        return False
    with path.open("rb") as opened:
        file = cast("BinaryIO", opened)
        accepted = await to_thread.run_sync(accept, file, path.name, UploadKind.DOCUMENT, settings)
        upload_id = uuid5(course_id, f"{key}:{digest.hex()}")
        taken = new_upload(accepted, UploadKind.DOCUMENT, upload_id=upload_id, course_id=course_id, user_id=None)
        taken.row.content_key = key
        await take_file(files, file, accepted, taken)
    async with database.write("learning") as session:
        await _replace(session, taken, key)
    return True


async def _lies(files: Files, upload_id: UUID) -> bool:
    try:
        await files.stat(key_of(upload_id))
    except FileMissing:
        return False
    return True


async def _replace(session: AsyncSession, taken: Taken, key: str) -> None:
    """Whatever this file was before goes; two programs that do this at once do the same."""
    former = select(Upload.id).where(Upload.course_id == taken.row.course_id, Upload.content_key == key)
    gone = (await session.scalars(select(Upload).where(or_(Upload.id.in_(former), Upload.parent_id.in_(former))))).all()
    kept = set(taken.keys)
    if keys := [one for row in gone for one in keys_of(row) if one not in kept]:
        await enqueue(session, DELETE_FILES, {"keys": keys})
    ids = [row.id for row in gone]
    session.expunge_all()
    await session.execute(delete(Upload).where(Upload.id.in_(ids)))
    session.add(taken.row)
    await session.flush()
    session.add_all(taken.children)
