"""What the outline's forms name: a module or an item, as `KIND:id`, and the words and addresses of each."""

from typing import Literal, cast, get_args
from uuid import UUID

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.pages.item_kinds import assignment_text, item_text, material_text
from codezest.services.learning.pages.outline import FOLDERS, minutes_text
from codezest.services.learning.schemas.catalog import ItemKind
from codezest.services.learning.schemas.teaching import Lack, OutlineItem
from codezest_db.enums import AssignmentKind, MaterialType

ThingKind = Literal["MODULE"] | ItemKind
KINDS: tuple[ThingKind, ...] = ("MODULE", *cast("tuple[ItemKind, ...]", get_args(ItemKind)))


def thing_in(text: str) -> tuple[ThingKind, UUID]:
    """The kind and the id of what a form names.

    Raises:
        ValidationFailed: it does not come from the form.
    """
    kind, _colon, target = text.partition(":")
    for known in KINDS:
        if kind == known:
            try:
                return known, UUID(target)
            except ValueError:
                break
    raise ValidationFailed.of("thing", _("That cannot be read."))


def editor_path(kind: ThingKind, target_id: UUID) -> str:
    """The page of the studio where a thing is written."""
    return f"/teach/modules/{target_id}" if kind == "MODULE" else f"/teach/{FOLDERS[kind]}/{target_id}"


def mending_path(lack: Lack, course_id: UUID) -> str:
    """Where what a course lacks is put right."""
    if lack.kind == "COURSE":
        if lack.key == "content":
            return f"/teach/courses/{course_id}#add"
        field = {"price": "price_minor"}.get(lack.key, lack.key)
        return f"/teach/courses/{course_id}/settings#field-{field}"
    return editor_path(lack.kind, lack.id)


def item_note(item: OutlineItem) -> str:
    """The quiet words behind an item's title."""
    notes = [item_text(item)]
    if item.kind == "QUIZ":
        notes.append(ngettext("%(num)s question", "%(num)s questions", item.parts) % {"num": item.parts})
    if item.kind == "ASSIGNMENT" and item.assignment_kind is AssignmentKind.CODE:
        notes.append(ngettext("%(num)s test", "%(num)s tests", item.parts) % {"num": item.parts})
    if item.minutes:
        notes.append(minutes_text(item.minutes))
    return " · ".join(notes)


def offered_types() -> list[tuple[str, str]]:
    """What can be added to a module; the values are those of `new_item`."""
    return [
        *((f"MATERIAL:{kind.value}", _("Lesson: %(kind)s") % {"kind": material_text(kind)}) for kind in MaterialType),
        *((f"ASSIGNMENT:{kind.value}", assignment_text(kind)) for kind in AssignmentKind),
        ("QUIZ:", _("Quiz")),
    ]
