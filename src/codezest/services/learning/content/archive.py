"""An export as a ZIP: the same bytes for the same content, and taken apart without trusting it."""

import errno
import os
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from anyio import to_thread

from codezest.kit.files import Files
from codezest.services.learning.content.export import ExportedTree

EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
CHUNK = 1 << 20
MOST_FILES = 20_000
MOST_LISTED = 6 << 20
"""Bytes of the list of files that a ZIP ends on, some hundred for each."""
DENSITY = 100
DENSE_BYTES = 50 << 20
"""A ZIP may unpack to so many times its size, and so much more: texts come to ten or twenty times."""
LONGEST_PATH = 400
LONGEST_NAME = 200
"""Of one file or folder; most systems take 255 bytes."""
LONGEST_SHOWN = 120
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
)
"""What Python's reader raises on a ZIP that is not as it should be."""
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*")
PACKED_ALREADY = frozenset({".webm", ".mp4", ".webp", ".png", ".jpg", ".jpeg", ".avif"})


class ArchiveRefused(Exception):
    """The ZIP is not taken apart; ``reason`` says why, as a short name."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{reason}: {path}" if path else reason)
        self.reason = reason
        self.path = path


@asynccontextmanager
async def packed(tree: ExportedTree, files: Files) -> AsyncGenerator[IO[bytes]]:
    """The tree as an open ZIP file at its beginning, gone after. It lies on disk, and no file of it is held in memory whole.

    Raises:
        FileMissing: the store lacks a file.
    """
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted({*tree.files, *tree.media, *tree.uploads}):
                entry = _entry(f"{tree.name}/{path}")
                if path in tree.files:
                    await to_thread.run_sync(archive.writestr, entry, tree.files[path].encode())
                elif path in tree.media:
                    await to_thread.run_sync(_copy, archive, entry, tree.media[path])
                else:
                    entry.compress_type = zipfile.ZIP_STORED
                    with archive.open(entry, "w", force_zip64=True) as inner:
                        async for chunk in files.read(tree.uploads[path]):
                            await to_thread.run_sync(inner.write, chunk)
        target.seek(0)
        yield target


async def write_folder(tree: ExportedTree, files: Files, folder: Path) -> int:
    """Write the tree into a folder of its own below ``folder``; returns how many files it has.

    Raises:
        FileExistsError: there is such a folder already.
        FileMissing: the store lacks a file.
    """
    root = folder / tree.name
    root.mkdir(parents=True, exist_ok=False)
    for path in sorted({*tree.files, *tree.media, *tree.uploads}):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path in tree.files:
            target.write_text(tree.files[path], encoding="utf-8", newline="")
        elif path in tree.media:
            target.write_bytes(tree.media[path].read_bytes())
        else:
            with target.open("wb") as opened:
                await files.copy_to(tree.uploads[path], opened)
    return len(tree.files) + len(tree.media) + len(tree.uploads)


def unpack(sent: BinaryIO, folder: Path, *, most_bytes: int) -> None:
    """Write the files of a ZIP below ``folder``. Neither their number nor their size, unpacked, passes the bounds, whatever the
    ZIP says of them; nor does what is held in memory.

    Raises:
        ArchiveRefused: it is no ZIP, too large, or names a file that may lie outside or is none.
    """
    size = sent.seek(0, os.SEEK_END)
    sent.seek(0)
    try:
        with zipfile.ZipFile(_Measured(sent)) as archive:  # pyright: ignore[reportArgumentType]
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            dense = DENSE_BYTES + DENSITY * size
            _refuse_too_much(entries, most_bytes=most_bytes, dense=dense)
            for entry in entries:
                _check(entry)
            _check_names([entry.filename.casefold() for entry in entries])
            room = min(most_bytes, dense)
            for entry in entries:
                room -= _unpack_one(archive, entry, folder / entry.filename, room)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
            raise  # this is no fault of the ZIP
        raise ArchiveRefused("broken") from error
    except UNREADABLE as error:
        raise ArchiveRefused("broken") from error


class _Measured:
    """A file of which no more is read at once than the list of a ZIP's files may take: the ZIP itself says how long that is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(MOST_LISTED + 1 if size < 0 else min(size, MOST_LISTED + 1))
        if len(content) > MOST_LISTED:
            raise ArchiveRefused("too-large")
        return content


def _refuse_too_much(entries: list[zipfile.ZipInfo], *, most_bytes: int, dense: int) -> None:
    told = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or told > most_bytes:
        raise ArchiveRefused("too-large")
    if told > dense:
        raise ArchiveRefused("too-dense")


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: int) -> int:
    """What an entry says of its size is not relied on."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with archive.open(entry) as source, target.open("xb") as opened:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > room:
                raise ArchiveRefused("too-large", shown(entry.filename))
            opened.write(chunk)
    return size


def _check(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    parts = entry.filename.split("/")
    if kind not in {0, stat.S_IFREG}:
        raise ArchiveRefused("not-a-file", shown(entry.filename))
    if len(entry.filename) > LONGEST_PATH or not all(
        len(part) <= LONGEST_NAME and _PART.fullmatch(part) for part in parts
    ):
        raise ArchiveRefused("path", shown(entry.filename))
    if entry.flag_bits & 1:
        raise ArchiveRefused("encrypted", shown(entry.filename))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveRefused("packing", shown(entry.filename))


def _check_names(names: list[str]) -> None:
    """Each is a file of its own, whatever the system on which the folder is read."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ArchiveRefused("same-names", shown(name))
        seen.add(name)
    for name in names:
        for above in PurePosixPath(name).parents:
            if str(above) in seen:
                raise ArchiveRefused("same-names", shown(str(above)))


def shown(name: str) -> str:
    """A name that somebody made up, as a line that can be read."""
    line = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.create_system = 3
    entry.external_attr = READABLE
    entry.compress_type = zipfile.ZIP_STORED if Path(path).suffix in PACKED_ALREADY else zipfile.ZIP_DEFLATED
    return entry


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Path) -> None:
    with source.open("rb") as opened, archive.open(entry, "w", force_zip64=True) as inner:
        while chunk := opened.read(CHUNK):
            inner.write(chunk)
