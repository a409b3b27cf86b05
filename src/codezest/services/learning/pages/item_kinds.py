"""What each thing of a module is called and how it is drawn: the one place that says so, to learners and authors alike."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _
from codezest_db.enums import AssignmentKind, MaterialType

ICONS: Mapping[str, str] = {
    MaterialType.VIDEO: "video",
    MaterialType.ARTICLE: "book",
    MaterialType.CODE_EXAMPLE: "code",
    MaterialType.INTERACTIVE: "terminal",
    MaterialType.PDF: "file",
    MaterialType.DOCX: "file",
    AssignmentKind.CODE: "keyboard",
    AssignmentKind.TEXT: "edit",
    AssignmentKind.FILE: "upload",
    MaterialType.QUIZ: "help",
}
"""By MaterialType, AssignmentKind, or QUIZ."""


class Item(Protocol):
    """Whatever is a material, an assignment or a quiz, and says of which sort."""

    @property
    def kind(self) -> str: ...
    @property
    def material_type(self) -> MaterialType | None: ...
    @property
    def assignment_kind(self) -> AssignmentKind | None: ...


def item_text(item: Item) -> str:
    """What an item is, in a few words of the reader's language."""
    return _texts(READER.get().locale)[_sort(item)]


def item_icon(item: Item) -> str:
    """The name of its icon."""
    return ICONS[_sort(item)]


def material_text(kind: MaterialType) -> str:
    return _texts(READER.get().locale)[kind]


def assignment_text(kind: AssignmentKind) -> str:
    return _texts(READER.get().locale)[kind]


def _sort(item: Item) -> str:
    return item.material_type or item.assignment_kind or item.kind


@lru_cache
def _texts(_locale: str) -> Mapping[str, str]:
    """In the reader's language, whose locale it is."""
    return MappingProxyType(
        {
            MaterialType.VIDEO: _("Video"),
            MaterialType.ARTICLE: _("Article"),
            MaterialType.CODE_EXAMPLE: _("Example"),
            MaterialType.INTERACTIVE: _("Try it"),
            MaterialType.PDF: _("PDF"),
            MaterialType.DOCX: _("Document"),
            AssignmentKind.CODE: _("Exercise"),
            AssignmentKind.TEXT: _("Text to hand in"),
            AssignmentKind.FILE: _("Files to hand in"),
            MaterialType.QUIZ: _("Quiz"),
        }
    )
