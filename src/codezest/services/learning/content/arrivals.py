"""Which files of a folder that somebody sent in become files of the course, and what texts and columns call them then."""

import filecmp
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from codezest.services.learning.content.model import CourseContent, MaterialContent
from codezest_db.enums import UploadKind

_UPLOAD = re.compile(r"uploads/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_CHUNK = 1 << 20
KINDS: Mapping[str, UploadKind] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"), UploadKind.PICTURE),
    **dict.fromkeys((".webm", ".mp4"), UploadKind.VIDEO),
    ".vtt": UploadKind.CAPTIONS,
}
"""By suffix; documents are what a lesson shows as one, and everything else is an attachment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that the course does not have yet."""

    id: UUID
    path: Path
    small: Path | None = None
    """The smaller copy of a picture that an export holds."""
    kind: UploadKind
    name: str
    sent_sha256: bytes | None = None
    """Of what a picture was drawn from, as an export says."""


class Arrivals:
    """The files of one folder."""

    def __init__(self, tree: CourseContent, course_id: UUID, known: frozenset[UUID], content: Path | None) -> None:
        self._course = course_id
        self._folder = tree.folder
        self._known = known
        self._own = tree.folder.name
        self._here = content / self._own / "media" if content is not None else None
        self._documents = _documents(tree)
        self._media: dict[str, str | None] = {}
        self.found: dict[UUID, Arrival] = {}
        self._uploads = {
            one.id: one.id if one.id in known else uuid5(course_id, str(one.id))
            for one in tree.uploads
            if one.columns.get("parent_id") is None
        }
        for one in tree.uploads:
            if one.id in self._uploads and self._uploads[one.id] not in known:
                self._listed(one.id, one.columns)

    def _listed(self, sent_id: UUID, columns: Mapping[str, Any]) -> None:
        path = self._folder / "uploads" / str(sent_id)
        small = path.with_name(f"{sent_id}-small")
        identity = self._uploads[sent_id]
        self.found[identity] = Arrival(
            id=identity,
            path=path,
            small=small if small.is_file() else None,
            kind=UploadKind(columns["kind"]),
            name=str(columns["name"]),
            sent_sha256=columns["sha256"],
        )

    def key(self, key: str) -> str | None:
        """What a column calls a file; None where there is no such file here."""
        named = _UPLOAD.fullmatch(key)
        if named is not None:
            sent_id = UUID(named[1])
            return f"uploads/{self._uploads[sent_id]}" if sent_id in self._uploads else self._kept(sent_id)
        folder, _, name = key.partition("/")
        return self._file(name) if folder == self._own else None

    def _kept(self, sent_id: UUID) -> str | None:
        return f"uploads/{sent_id}" if sent_id in self._known else None

    def text(self, text: str | None) -> str | None:
        """A text with the addresses that its files get."""
        if text is None:
            return None
        renamed = _UPLOAD.sub(lambda found: f"uploads/{self._uploads.get(UUID(found[1]), UUID(found[1]))}", text)
        return re.sub(rf"/media/{re.escape(self._own)}/([A-Za-z0-9][A-Za-z0-9._-]*)", self._address, renamed)

    def anywhere(self, value: Any) -> Any:
        """The same for all texts of a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.anywhere(one) for name, one in value.items()}
        return value

    def _address(self, match: re.Match[str]) -> str:
        key = self._file(match[1])
        return match[0] if key is None or not key.startswith("uploads/") else f"/{key}"

    def _file(self, name: str) -> str | None:
        """The key of a file of `media/`; one that this server's own content has just so stays what it is."""
        if name not in self._media:
            self._media[name] = self._arrived(name)
        return self._media[name]

    def _arrived(self, name: str) -> str | None:
        path = self._folder / "media" / name
        if not path.is_file():
            return None
        if (
            self._here is not None
            and (self._here / name).is_file()
            and filecmp.cmp(path, self._here / name, shallow=False)
        ):
            return f"{self._own}/{name}"
        identity = uuid5(self._course, f"media/{name}:{_digest(path)}")
        if identity not in self._known:
            kind = KINDS.get(path.suffix.lower(), UploadKind.ATTACHMENT)
            kind = UploadKind.DOCUMENT if name in self._documents else kind
            self.found[identity] = Arrival(id=identity, path=path, kind=kind, name=name)
        return f"uploads/{identity}"


def _documents(tree: CourseContent) -> frozenset[str]:
    """Names of what lessons show as a PDF or DOCX."""
    items = (item for module in tree.modules for item in module.items)
    keys = (item.file_key for item in items if isinstance(item, MaterialContent) and item.file_key)
    return frozenset(key.partition("/")[2] for key in keys)


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
