"""Put a file that somebody sent into the store, without ever holding it in memory."""

import tempfile
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal, cast
from uuid import UUID

from anyio import to_thread

from codezest.kit.filenames import disposition
from codezest.kit.files import Files
from codezest.kit.settings import Settings
from codezest.services.learning.actions.uploads.accept import AcceptedFile, Purpose, accept
from codezest_db.ids import uuid7

Folder = Literal["uploads", "hand-ins", "imports"]
"""Where files lie in the store; `clear_orphans` knows who keeps what in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUpload:
    """A file in the store. Whoever keeps it writes down its key in the same hour; what nobody keeps is cleared away."""

    key: str
    name: str
    media_type: str
    size_bytes: int
    sha256: bytes


async def keep_upload(
    files: Files, settings: Settings, sent: IO[bytes], *, name: str, purpose: Purpose, folder: Folder
) -> KeptUpload:
    """Judge a file as it was sent, and keep it as it is.

    Args:
        files: the store.
        settings: its bounds.
        sent: an open file, such as `UploadFile.file`; it may be spooled.
        name: what its sender calls it.
        purpose: decides what it may be, and how large.
        folder: where it is to lie.

    Raises:
        UploadRefused: it is not taken.
    """
    file = await on_disk(sent)
    accepted = await to_thread.run_sync(accept, file, name, purpose, settings)
    return await store(files, file, accepted, folder=folder)


async def store(
    files: Files, file: BinaryIO, accepted: AcceptedFile, *, folder: Folder, name: UUID | None = None
) -> KeptUpload:
    """Keep a file that was judged before, under a key of its own; `name` is an id that nothing there has."""
    key = f"{folder}/{name or uuid7()}"
    shown = accepted.format in {"mp4", "webm", "vtt"} or accepted.media_type == "application/pdf"
    headers = {
        "Content-Type": accepted.media_type,
        "Content-Disposition": disposition(accepted.name, inline=shown and folder == "uploads"),
    }
    await files.put(key, file, served_as=headers)
    return KeptUpload(
        key=key,
        name=accepted.name,
        media_type=accepted.media_type,
        size_bytes=accepted.size,
        sha256=accepted.sha256,
    )


async def on_disk(sent: IO[bytes]) -> BinaryIO:
    """The file as one of the operating system, at its beginning: a small one that was kept in memory is written out."""
    if isinstance(sent, tempfile.SpooledTemporaryFile):
        await to_thread.run_sync(sent.rollover)
        # The file within: a document is handed to another process by its descriptor.
        sent = cast("BinaryIO", getattr(sent, "_file"))  # noqa: B009 - it has no public name
    sent.seek(0)
    return cast("BinaryIO", sent)
