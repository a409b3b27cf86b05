"""Take in a file for a course, and read from it once what its pages will need."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, BinaryIO
from uuid import UUID, uuid5

from anyio import to_thread
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.context import Resources
from codezest.kit.database import driver_connection
from codezest.kit.documents.docx import PLACEHOLDER, docx_page
from codezest.kit.documents.pdf import pdf_text
from codezest.kit.documents.refused import DocumentRefusal, DocumentRefused
from codezest.kit.filenames import disposition
from codezest.kit.files import Files
from codezest.kit.i18n import gettext as _
from codezest.kit.pictures import MOST_PIXELS, Picture, PictureRefused, fitted_pictures
from codezest.services.learning.actions.uploads.accept import MEGABYTE, AcceptedFile, accept
from codezest.services.learning.actions.uploads.keep_upload import on_disk, store
from codezest.services.learning.actions.uploads.refusals import StorageFull, UploadRefused
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest_db.enums import UploadKind
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, Upload

PICTURE_SIDES = (1600, 640)
"""The longest side of a picture, and of its smaller copy, in pixels."""
SMALLER = "-small"
"""Ends the key of that copy."""
DOCUMENT_SIDE = 1200
WEBP = "image/webp"
_DOCUMENTS_AT_ONCE = asyncio.Semaphore(2)


@dataclass(slots=True)
class Taken:
    """Rows to be written, and the keys under which their files lie already."""

    row: Upload
    children: list[Upload] = field(default_factory=list[Upload])
    keys: list[str] = field(default_factory=list[str])


async def add_upload(
    resources: Resources, actor: Actor, course_id: UUID, sent: IO[bytes], *, name: str, kind: UploadKind
) -> UUID:
    """Judge, read and keep a file. Pictures are drawn anew, a DOCX becomes markup; everything else stays as it was sent.

    No transaction is open while the file is read.

    Raises:
        Unauthenticated, NotFound, Forbidden: the caller does not write this course.
        UploadRefused: the file is not taken.
        StorageFull: the course has no room left.
    """
    database, files = resources.database, resources.files
    course = await access_taught_course(database.pool("learning"), actor, course_id, Permission.AUTHOR)
    file = await on_disk(sent)
    accepted = await to_thread.run_sync(accept, file, name, kind, resources.settings)
    taken = new_upload(accepted, kind, upload_id=uuid7(), course_id=course.id, user_id=actor.user_id)
    try:
        await take_file(files, file, accepted, taken)
        async with database.write("learning") as session:
            await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
            await _check_room(session, taken, limit_mb=resources.settings.course_storage_mb)
            session.add(taken.row)
            await session.flush()
            session.add_all(taken.children)
    except BaseException:
        await files.discard(*taken.keys)
        raise
    return taken.row.id


def new_upload(
    accepted: AcceptedFile, kind: UploadKind, *, upload_id: UUID, course_id: UUID, user_id: UUID | None
) -> Taken:
    """The row of a file that was judged, before it is read."""
    row = Upload(
        id=upload_id,
        course_id=course_id,
        user_id=user_id,
        kind=kind,
        name=accepted.name,
        media_type=accepted.media_type,
        size_bytes=accepted.size,
        sha256=accepted.sha256,
        page_texts=[],
    )
    return Taken(row)


async def take_file(files: Files, file: BinaryIO, accepted: AcceptedFile, taken: Taken) -> None:
    """Read an open file, and keep it under the id of its row.

    Raises:
        UploadRefused: it cannot be read.
    """
    match taken.row.kind:
        case UploadKind.PICTURE:
            await _take_picture(files, taken.row, await to_thread.run_sync(file.read), taken.keys, PICTURE_SIDES)
        case UploadKind.DOCUMENT:
            await _take_document(files, file, accepted, taken)
        case _:
            await _take_whole(files, file, accepted, taken)


async def _check_room(session: AsyncSession, taken: Taken, *, limit_mb: int) -> None:
    """Two that come at once wait for one another, so that together they do not take more either."""
    course_id = taken.row.course_id
    await session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))
    used = await session.scalar(select(func.sum(Upload.size_bytes)).where(Upload.course_id == course_id)) or 0
    coming = sum(row.size_bytes for row in (taken.row, *taken.children))
    if int(used) + coming > limit_mb * MEGABYTE:
        raise StorageFull(limit_mb)


async def _take_whole(files: Files, file: BinaryIO, accepted: AcceptedFile, taken: Taken) -> None:
    taken.keys.append(key_of(taken.row.id))
    await store(files, file, accepted, folder="uploads", name=taken.row.id)


async def _take_picture(files: Files, row: Upload, content: bytes, keys: list[str], sides: Sequence[int]) -> None:
    try:
        drawn = await fitted_pictures(content, sides)
    except PictureRefused as refused:
        message = {
            "too-many-pixels": _("The picture has more than %(most)s million pixels. Make it smaller first.")
            % {"most": MOST_PIXELS // 1_000_000},
            "unknown-format": _("Use a PNG, JPEG, WebP or GIF picture."),
        }.get(refused.reason, _("The picture cannot be read. Save it again, or use another."))
        raise UploadRefused(refused.reason, message) from None
    row.media_type, row.width, row.height = WEBP, drawn[0].width, drawn[0].height
    row.size_bytes = sum(len(picture.content) for picture in drawn)
    for ending, picture in zip(("", SMALLER), drawn, strict=False):
        keys.append(key_of(row.id) + ending)
        await _put_picture(files, keys[-1], picture, row.name)


async def _put_picture(files: Files, key: str, picture: Picture, name: str) -> None:
    headers = {"Content-Type": WEBP, "Content-Disposition": disposition(name, inline=True)}
    await files.put(key, picture.content, served_as=headers)


async def _take_document(files: Files, file: BinaryIO, accepted: AcceptedFile, taken: Taken) -> None:
    try:
        async with _DOCUMENTS_AT_ONCE:
            if accepted.format == "pdf":
                found = await pdf_text(file)
                taken.row.pages, taken.row.page_texts = found.pages, found.texts
            else:
                page = await docx_page(file)
                taken.row.html = await _with_pictures(files, page.html, page.pictures, taken)
    except DocumentRefused as refused:
        raise UploadRefused(refused.reason, _document_message(refused.reason)) from None
    await _take_whole(files, file, accepted, taken)


async def _with_pictures(files: Files, html: str, pictures: Sequence[bytes], taken: Taken) -> str:
    """The markup with the addresses of its pictures, each drawn anew; one that cannot be drawn is left out."""
    addresses: dict[str, str] = {}
    for number, content in enumerate(pictures):
        child = Upload(
            id=uuid5(taken.row.id, str(number)),
            course_id=taken.row.course_id,
            parent_id=taken.row.id,
            user_id=taken.row.user_id,
            kind=UploadKind.PICTURE,
            name=f"{number + 1}.webp",
            sha256=taken.row.sha256,
            page_texts=[],
        )
        try:
            await _take_picture(files, child, content, taken.keys, (DOCUMENT_SIDE,))
        except UploadRefused:
            continue
        taken.children.append(child)
        addresses[f"{PLACEHOLDER}{number}"] = address_of(child.id)

    def placed(match: re.Match[str]) -> str:
        address = addresses.get(match[1])
        return match[0].replace(match[1], address) if address else ""

    # A picture without a number was left out of those that are read.
    return re.sub(
        r"<img\b(?![^>]*\bsrc=)[^>]*>", "", re.sub(rf'<img\b[^>]*\bsrc="({PLACEHOLDER}\d+)"[^>]*>', placed, html)
    )


def _document_message(reason: DocumentRefusal) -> str:
    return {
        "unknown-format": _("Use a PDF or a DOCX."),
        "too-complex": _("Reading the document takes more than it should. Save it in a simpler form, or in parts."),
        "broken": _("The document cannot be read. Save it again, or use another."),
        "macros": _("The document holds macros. Save it as a DOCX without any."),
    }[reason]


def key_of(upload_id: UUID) -> str:
    """The storage key of a file, which is what a column such as `video_key` says too."""
    return f"uploads/{upload_id}"


def address_of(upload_id: UUID) -> str:
    """The path that leads to it whoever may see it, for as long as it exists."""
    return f"/uploads/{upload_id}"


def keys_of(upload: Upload) -> list[str]:
    """All that lies in the store for it."""
    key = key_of(upload.id)
    return [key, key + SMALLER] if upload.kind is UploadKind.PICTURE and upload.parent_id is None else [key]


async def upload_of(session: AsyncSession, upload_id: UUID, course_id: UUID) -> Upload | None:
    """A file of a course, none of those within its documents. Nobody deletes it before the transaction has ended."""
    return await session.scalar(
        select(Upload)
        .where(Upload.id == upload_id, Upload.course_id == course_id, Upload.parent_id.is_(None))
        .with_for_update(read=True, key_share=True)
    )
