"""Whether a file may come in: by what it is for, what it is, and how large."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Literal

from codezest.kit.filenames import file_name
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.kit.sniffing import MEDIA_TYPES, MOST_CAPTION_BYTES, OPAQUE, Format, sniff
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest_db.enums import UploadKind

Purpose = UploadKind | Literal["HAND_IN", "IMPORT"]
MEGABYTE = 1 << 20
_CHUNK_BYTES = 1 << 20

_PLAIN: frozenset[Format] = frozenset({"png", "jpg", "webp", "gif", "pdf", "zip", "gz", "vtt", "txt"})
FORMATS: Mapping[Purpose, frozenset[Format]] = {
    UploadKind.PICTURE: frozenset({"png", "jpg", "webp", "gif"}),
    UploadKind.VIDEO: frozenset({"mp4", "webm"}),
    UploadKind.CAPTIONS: frozenset({"vtt"}),
    UploadKind.DOCUMENT: frozenset({"pdf", "zip"}),
    UploadKind.ATTACHMENT: _PLAIN,
    "HAND_IN": _PLAIN,
    "IMPORT": frozenset({"zip"}),
}
ACCEPT: Mapping[Purpose, str] = {
    UploadKind.PICTURE: "image/png,image/jpeg,image/webp,image/gif",
    UploadKind.VIDEO: "video/mp4,video/webm",
    UploadKind.CAPTIONS: ".vtt,text/vtt",
    UploadKind.DOCUMENT: ".pdf,.docx",
    UploadKind.ATTACHMENT: "",
    "HAND_IN": "",
    "IMPORT": ".zip,application/zip",
}
"""What a browser offers to choose from; it decides nothing."""

ARCHIVES = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar"})
"""What else may stand behind the name of a ZIP that is saved, never shown."""
TEXTS = frozenset(
    {
        *(
            "bash",
            "c",
            "cfg",
            "cpp",
            "css",
            "csv",
            "dart",
            "go",
            "h",
            "hpp",
            "htm",
            "html",
            "ini",
            "ipynb",
            "java",
            "js",
        ),
        *(
            "json",
            "kt",
            "lua",
            "md",
            "php",
            "pl",
            "ps1",
            "py",
            "r",
            "rb",
            "rs",
            "sh",
            "sql",
            "svg",
            "swift",
            "tex",
            "toml",
        ),
        *("ts", "tsv", "xml", "yaml", "yml"),
    }
)
"""And behind that of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """What is known of a file that may come in."""

    name: str
    """As it is saved. Its ending follows from its content."""
    format: Format
    media_type: str
    size: int
    """In bytes."""
    sha256: bytes


def accept(file: BinaryIO, given_name: str, purpose: Purpose, settings: Settings) -> AcceptedFile:
    """Judge an open file, which is left at its beginning. Reads all of it: call it in a thread.

    Raises:
        UploadRefused: it is empty, too large, or nothing that is taken for this purpose.
    """
    size = file.seek(0, 2)
    if size == 0:
        raise UploadRefused("empty", _("The file is empty. Choose another."))
    most = most_bytes(purpose, settings)
    if size > most:
        raise UploadRefused(
            "too-large", _("The file is larger than %(most)s MB. Make it smaller first.") % {"most": most // MEGABYTE}
        )
    found = sniff(file)
    if found is None or found not in FORMATS[purpose]:
        raise UploadRefused("wrong-type", formats_text(purpose))
    name = file_name(given_name, extension=_extension(found, purpose), allowed=_endings(found, purpose))
    ending = name.rpartition(".")[2]
    kind = found if ending in TEXTS else ending
    return AcceptedFile(
        name=name, format=found, media_type=MEDIA_TYPES.get(kind, OPAQUE), size=size, sha256=_digest(file)
    )


def most_bytes(purpose: Purpose, settings: Settings) -> int:
    """The largest file that is taken for this purpose."""
    match purpose:
        case UploadKind.PICTURE:
            return settings.upload_picture_mb * MEGABYTE
        case UploadKind.VIDEO:
            return settings.upload_video_mb * MEGABYTE
        case UploadKind.CAPTIONS:
            return MOST_CAPTION_BYTES
        case "HAND_IN":
            return settings.upload_hand_in_mb * MEGABYTE
        case "IMPORT":
            return settings.upload_import_mb * MEGABYTE
        case _:
            return settings.upload_document_mb * MEGABYTE


def formats_text(purpose: Purpose) -> str:
    """What is taken for this purpose, as a sentence for whoever sent something else."""
    match purpose:
        case UploadKind.PICTURE:
            return _("Use a PNG, JPEG, WebP or GIF picture.")
        case UploadKind.VIDEO:
            return _("Use a film in MP4 or WebM that plays to its end.")
        case UploadKind.CAPTIONS:
            return _("Use captions in WebVTT: a text that begins with WEBVTT and has at least one time.")
        case UploadKind.DOCUMENT:
            return _("Use a PDF or a DOCX.")
        case "IMPORT":
            return _("Use a ZIP with the folder of a course.")
        case _:
            return _("Use a text, a picture, a PDF, or an archive such as ZIP or DOCX.")


def _extension(found: Format, purpose: Purpose) -> str:
    """What a name ends on if it does not say something else that fits."""
    if purpose is UploadKind.PICTURE:
        return "webp"  # they are drawn anew
    return "docx" if purpose is UploadKind.DOCUMENT and found == "zip" else found


def _endings(found: Format, purpose: Purpose) -> frozenset[str]:
    if purpose not in {UploadKind.ATTACHMENT, "HAND_IN"}:
        return frozenset()
    match found:
        case "zip":
            return ARCHIVES
        case "txt":
            return TEXTS
        case "jpg":
            return frozenset({"jpeg"})
        case _:
            return frozenset()


def _digest(file: BinaryIO) -> bytes:
    hashed = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        hashed.update(chunk)
    file.seek(0)
    return hashed.digest()
