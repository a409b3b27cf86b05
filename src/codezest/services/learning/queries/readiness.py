"""What a course needs before it is published: computed from its outline, so that the list costs no statement of its own."""

from collections.abc import Iterator
from typing import Literal

from codezest.kit.i18n import gettext as _
from codezest.services.learning.schemas.teaching import CourseOutline, Lack, OutlineItem, OutlineModule
from codezest_db.enums import CourseKind, PublicationStatus

PUBLISHED = PublicationStatus.PUBLISHED


def readiness_of(course: CourseOutline) -> list[Lack]:
    """Every requirement, met or not: those of the course, then what its published content lacks."""
    return [*_of_course(course), *_of_content(course.modules)]


def unmet(course: CourseOutline) -> list[Lack]:
    """What keeps the course from being published."""
    return [lack for lack in course.readiness if not lack.met]


def lacking_text(key: str) -> str:
    """What an item lacks, in words; the keys are those of `OutlineItem.missing`."""
    return {
        "video": _("a film"),
        "text": _("a text"),
        "program": _("a program"),
        "program_or_text": _("a program or a text"),
        "file": _("a file"),
        "quiz": _("the quiz it shows"),
        "tests": _("tests"),
        "solution": _("a solution"),
        "questions": _("questions"),
        "answers": _("a right answer to every question"),
        "programs": _("solutions that pass the tests of their questions"),
    }[key]


def _of_course(course: CourseOutline) -> Iterator[Lack]:
    def line(key: str, text: str, *, met: bool) -> Lack:
        return Lack(key=key, text=text, kind="COURSE", id=course.id, met=met)

    yield line("description", _("It has a description"), met=bool((course.description or "").strip()))
    yield line("category", _("It has a category"), met=bool(course.category) or course.kind is CourseKind.PATH)
    open_modules = [module for module in course.modules if module.status is PUBLISHED]
    offers = any(item.status is PUBLISHED for module in open_modules for item in module.items)
    yield line("content", _("At least one published module has a published step"), met=offers)
    if course.price_minor:
        yield line("price", _("It has a price and a currency"), met=bool(course.currency))


def _of_content(modules: list[OutlineModule]) -> Iterator[Lack]:
    for module in modules:
        if module.status is not PUBLISHED:
            continue
        if not any(item.status is PUBLISHED for item in module.items):
            text = _("“%(title)s” is published and has no published step") % {"title": module.title}
            yield Lack(key="items", text=text, kind="MODULE", id=module.id, met=False)
        for item in module.items:
            if item.status is PUBLISHED and item.missing:
                yield _of_item(item)


def _of_item(item: OutlineItem) -> Lack:
    from_keys = ", ".join(lacking_text(key) for key in item.missing)
    text = _("“%(title)s” still needs: %(what)s") % {"title": item.title, "what": from_keys}
    kind: Literal["MATERIAL", "ASSIGNMENT", "QUIZ"] = item.kind
    return Lack(key="-".join(item.missing), text=text, kind=kind, id=item.id, met=False)
