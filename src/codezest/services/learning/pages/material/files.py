"""The files of a lesson: its film, captions and pictures at signed addresses, and its document as the page shows it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from anyio import to_thread
from markupsafe import Markup

from codezest.kit.context import RequestContext
from codezest.kit.files import FileMissing, Files, FilesUnavailable
from codezest.kit.sniffing import MOST_CAPTION_BYTES
from codezest.services.learning.actions.uploads.add_upload import key_of
from codezest.services.learning.pages.files.links import (
    ids_in,
    signed_link,
    upload_id_in,
    with_pictures,
)
from codezest.services.learning.pages.files.sizes import size_text
from codezest.services.learning.pages.media.cues import Cue, cues_of_media, sentences
from codezest.services.learning.queries.uploads import UploadRow, named_uploads
from codezest.services.learning.schemas.items import MaterialDetail
from codezest_db.enums import MaterialType

PDF = "application/pdf"
MEDIA_URL = "/media/"
DOCUMENTS = frozenset({MaterialType.PDF, MaterialType.DOCX})
CAPTION_SECONDS = 3
"""So long a lesson waits for the captions of its film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A PDF or a DOCX within a page."""

    name: str
    size: str
    saved: str
    """Where it is saved from."""
    shown: str | None
    """Where a PDF is shown from; None for a DOCX."""
    html: Markup | None
    """A DOCX as markup."""
    pages: int | None
    texts: Sequence[tuple[int, Sequence[str]]]
    """Of a PDF: the paragraphs of each page that has a text, by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFiles:
    """Where the page finds what a lesson shows."""

    video_url: str | None
    captions_url: str | None
    image_url: str | None
    file_url: str | None
    """None where `document` stands in its place."""
    document: DocumentView | None
    cues: Sequence[Cue]


async def lesson_files(context: RequestContext, found: MaterialDetail) -> LessonFiles:
    """One statement where the lesson has files of its course; none where it has not."""
    addresses = (found.video_url, found.captions_url, found.image_url, found.file_url)
    pool = context.database.pool("learning")
    key = _content_key(found)
    rows = await named_uploads(pool, found.course_id, ids_in(addresses), texts=True, content_key=key)

    def link(address: str | None) -> str | None:
        row = rows.get(upload_id_in(address) or UUID(int=0))
        return signed_link(context, row) if row else address

    document = rows.get(upload_id_in(found.file_url) or UUID(int=0)) or next(
        (row for row in rows.values() if key is not None and row.content_key == key), None
    )
    return LessonFiles(
        video_url=link(found.video_url),
        captions_url=link(found.captions_url),
        image_url=link(found.image_url),
        file_url=found.file_url if document is None else None,
        document=await _document(context, found.course_id, document) if document else None,
        cues=await _cues(context, found.captions_url),
    )


def _content_key(found: MaterialDetail) -> str | None:
    """What a document of the content folder is called in the store's list."""
    address = found.file_url or ""
    return address.removeprefix(MEDIA_URL) if found.type in DOCUMENTS and address.startswith(MEDIA_URL) else None


async def _document(context: RequestContext, course_id: UUID, row: UploadRow) -> DocumentView:
    html = await with_pictures(context, course_id, row.html) if row.html is not None else None
    texts = [(number, _paragraphs(text)) for number, text in enumerate(row.page_texts, 1) if text.strip()]
    return DocumentView(
        name=row.name,
        size=size_text(row.size_bytes),
        saved=signed_link(context, row, save=True),
        shown=signed_link(context, row) if row.media_type == PDF else None,
        html=html,
        pages=row.pages,
        texts=texts,
    )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


async def _cues(context: RequestContext, address: str | None) -> Sequence[Cue]:
    """What is said in the film, from its captions."""
    if not address:
        return []
    upload_id = upload_id_in(address)
    if upload_id is None:
        return await to_thread.run_sync(cues_of_media, context.settings.content_dir, address)
    # The film and the lesson are there without what is said in it.
    try:
        async with asyncio.timeout(CAPTION_SECONDS):
            content = await _content(context.resources.files, key_of(upload_id))
    except (FileMissing, FilesUnavailable, TimeoutError):
        return []
    return _read(upload_id, content)


async def _content(files: Files, key: str) -> bytes:
    return await files.read_range(key, start=0, length=MOST_CAPTION_BYTES)


@lru_cache(maxsize=64)
def _read(_upload_id: UUID, content: bytes) -> Sequence[Cue]:
    return sentences(content.decode("utf-8", "replace"))
