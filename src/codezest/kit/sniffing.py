"""What a file is, by its content: never by its name, nor by what its sender calls it.

Only the few formats are told apart that somebody may send in. A file counts as one of them if it begins as that format does and
nothing stands before it; films and texts are looked through, so that a broken one is refused when it comes.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import BinaryIO, Literal

Format = Literal["png", "jpg", "webp", "gif", "mp4", "webm", "vtt", "pdf", "zip", "gz", "txt"]

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "gz": "application/gzip",
        "jpg": "image/jpeg",
        "gif": "image/gif",
        "mp4": "video/mp4",
        "pdf": "application/pdf",
        "png": "image/png",
        "txt": "text/plain; charset=utf-8",
        "vtt": "text/vtt; charset=utf-8",
        "webm": "video/webm",
        "webp": "image/webp",
        "zip": "application/zip",
    }
)
"""By extension, what files are served as; any other as bytes to be saved."""
OPAQUE = "application/octet-stream"

MOST_CAPTION_BYTES = 2 << 20
_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 18
_MOST_BOXES = 1000
_MP4_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V[ HP]|dash|cmfc|f4v ")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CUE = re.compile(rb"(?m)^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}[ \t]+-->")


def sniff(file: BinaryIO) -> Format | None:
    """The format of an open file; None where it is none of them, or a broken one. Leaves the file at its beginning."""
    try:
        file.seek(0)
        head = file.read(_HEAD_BYTES)
        for name, begins in _BEGINNINGS.items():
            if begins(head):
                return name if _WHOLE.get(name, _any)(file) else None
        return ("vtt" if _is_captions(file, head) else "txt") if _is_text(file) else None
    finally:
        file.seek(0)


def _is_webm(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]


def _is_mp4(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, 256), 4))]
    return head[4:8] == b"ftyp" and size >= 16 and any(_MP4_BRANDS.fullmatch(brand) for brand in brands)


_BEGINNINGS: Mapping[Format, Callable[[bytes], bool]] = {
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "pdf": lambda head: re.match(rb"%PDF-[12]\.\d", head) is not None,
    "zip": lambda head: head.startswith(b"PK\x03\x04"),
    "gz": lambda head: head.startswith(b"\x1f\x8b\x08"),
    "webm": _is_webm,
    "mp4": _is_mp4,
}


def _any(_file: BinaryIO) -> bool:
    return True


def _holds_a_film(file: BinaryIO) -> bool:
    """Whether the boxes of an MP4 fill the file to its end, and one of them says how to play it."""
    end = file.seek(0, 2)
    at, plays = 0, False
    for _ in range(_MOST_BOXES):
        if at == end:
            return plays
        file.seek(at)
        header = file.read(16)
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:
            return False
        plays = plays or kind in {b"moov", b"moof"}
        at += size
    return False


_WHOLE: Mapping[Format, Callable[[BinaryIO], bool]] = {"mp4": _holds_a_film}


def _is_text(file: BinaryIO) -> bool:
    """Whether it is UTF-8 that a person could have typed, and not empty."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    length = 0
    try:
        while chunk := file.read(_CHUNK_BYTES):
            length += len(chunk)
            if _UNPRINTABLE.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return length > 0


def _is_captions(file: BinaryIO, head: bytes) -> bool:
    if not re.match(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)", head):
        return False
    if file.seek(0, 2) > MOST_CAPTION_BYTES:
        return False
    file.seek(0)
    return _CUE.search(file.read()) is not None
