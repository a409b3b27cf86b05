"""What a module lists and where things stand, in the words and shapes that the templates use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.i18n import READER, ngettext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.item_kinds import item_icon, item_text
from codezest.services.learning.schemas.catalog import (
    ItemContext,
    ItemKind,
    ItemReference,
    LanguageModules,
    ModuleDetail,
    ModuleItem,
    ModuleSummary,
)
from codezest.services.learning.schemas.courses import CourseDetail
from codezest_db.enums import CourseKind, Difficulty, EnrollmentStatus, ProgressStatus

STATES: Mapping[ProgressStatus, str] = {
    ProgressStatus.NOT_STARTED: "open",
    ProgressStatus.IN_PROGRESS: "in-progress",
    ProgressStatus.COMPLETED: "done",
}
LEARNING = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED})
FOLDERS: Mapping[ItemKind, str] = {"MATERIAL": "materials", "ASSIGNMENT": "assignments", "QUIZ": "quizzes"}
Crumb = tuple[str, str | None]


def item_path(kind: ItemKind, item_id: UUID) -> str:
    """The page of an item."""
    return f"/{FOLDERS[kind]}/{item_id}"


def minutes_text(minutes: int) -> str:
    """A length of time, such as `45 min` or `1 h 15 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def difficulty_text(difficulty: Difficulty) -> str:
    return {
        Difficulty.BEGINNER: _("Beginner"),
        Difficulty.INTERMEDIATE: _("Intermediate"),
        Difficulty.ADVANCED: _("Advanced"),
    }[difficulty]


def steps_text(count: int) -> str:
    return ngettext("%(num)s step", "%(num)s steps", count) % {"num": count}


def modules_text(count: int) -> str:
    return ngettext("%(num)s module", "%(num)s modules", count) % {"num": count}


def _facts(item: ModuleItem) -> list[str]:
    """What the line under an item's title says."""
    facts = [item_text(item)]
    if item.kind == "ASSIGNMENT" and item.difficulty is not None:
        facts.append(difficulty_text(item.difficulty))
    if item.question_count:
        facts.append(
            ngettext("%(num)s question", "%(num)s questions", item.question_count) % {"num": item.question_count}
        )
    if item.duration_minutes:
        facts.append(minutes_text(item.duration_minutes))
    if item.best_score is not None and item.kind == "ASSIGNMENT":
        facts.append(_("best %(score)s of %(max)s") % {"score": item.best_score, "max": item.max_score})
    elif item.best_score is not None:
        facts.append(_("best %(score)s%%") % {"score": item.best_score})
    return facts


def entries(module: ModuleDetail, *, open_to_reader: bool) -> list[dict[str, Any]]:
    """The rows of the `items` component; rows lead somewhere only when the reader may go there."""
    return [
        {
            "key": item.id,
            "icon": item_icon(item),
            "title": item.title,
            "note": " · ".join(_facts(item)),
            "href": item_path(item.kind, item.id) if open_to_reader else None,
            "state": "locked" if module.locked else STATES[item.status],
        }
        for item in module.items
    ]


def contents(module: ModuleDetail) -> list[dict[str, Any]]:
    """The same for the narrow column beside a lesson: the titles alone."""
    return [entry | {"note": ""} for entry in entries(module, open_to_reader=True)]


def is_learning(enrollment: Any | None) -> bool:
    """Whether an enrolment (or none) lets its learner work."""
    return enrollment is not None and enrollment.status in LEARNING


def next_item(items: Sequence[ModuleItem]) -> ModuleItem | None:
    """The first item that is not done."""
    return next((item for item in items if item.status is not ProgressStatus.COMPLETED), None)


def next_module(path: LanguageModules | CourseDetail) -> ModuleSummary | None:
    """Where a learner goes on: the module last worked on while it is unfinished, else the first open one."""
    waiting = [m for m in _modules(path) if not m.locked and m.status is not ProgressStatus.COMPLETED and m.total_items]
    last = path.enrollment.last_module_id if path.enrollment else None
    return next((module for module in waiting if module.id == last), waiting[0] if waiting else None)


def _modules(path: LanguageModules | CourseDetail) -> Sequence[ModuleSummary]:
    return path.modules if isinstance(path, CourseDetail) else path.items


def path_steps(path: LanguageModules | CourseDetail) -> list[dict[str, Any]]:
    """The stations of the `path` component."""
    going_on = next_module(path) if is_learning(path.enrollment) else None
    return [_step(module, is_next=going_on is not None and module.id == going_on.id) for module in _modules(path)]


def _step(module: ModuleSummary, *, is_next: bool) -> dict[str, Any]:
    meta = [("list", steps_text(module.total_items))]
    if module.estimated_minutes:
        meta.insert(0, ("clock", minutes_text(module.estimated_minutes)))
    if module.opens_after_days:
        text = ngettext(
            "Opens %(num)s day after you have enrolled",
            "Opens %(num)s days after you have enrolled",
            module.opens_after_days,
        )
        meta.append(("calendar", text % {"num": module.opens_after_days}))
    return {
        "state": "locked" if module.locked else STATES[module.status],
        "title": module.title,
        "href": f"/modules/{module.id}",
        "description": module.description or "",
        "outcomes": module.syllabus,
        "meta": meta,
        "percent": module.percent,
        "locked_reason": locked_reason(module),
        "is_next": is_next,
        # The button that leads on stands beside the path, once.
        "action": None,
    }


def locked_reason(module: ModuleSummary) -> str:
    """What has to happen until a module opens to the reader; empty where nothing has to."""
    reader, reasons = READER.get(), list[str]()
    if module.opens_at is not None:
        reasons.append(_("Opens on %(when)s") % {"when": reader.datetime(module.opens_at)})
    if module.locked_by:
        names = reader.listed(before.title for before in module.locked_by)
        reasons.append(_("Opens when you have completed: %(names)s") % {"names": names})
    return " · ".join(reasons)


def link_to(item: ItemReference | None) -> tuple[str, str] | None:
    """Title and address of a neighbouring item."""
    return (item.title, item_path(item.kind, item.id)) if item else None


def link_onward(place: ItemContext) -> tuple[str, str]:
    """Label and address of the next step, or of the module once this was the last."""
    if place.next is None:
        return _("Back to the module"), f"/modules/{place.module.id}"
    return _("Next: %(title)s") % {"title": place.next.title}, item_path(place.next.kind, place.next.id)


def course_page(kind: CourseKind, slug: str, language_slug: str | None) -> str:
    """The page of a course; a path has it with its language."""
    return f"/languages/{language_slug}" if kind is CourseKind.PATH and language_slug else f"/courses/{slug}"


def crumbs_to_module(place: ItemContext | ModuleDetail) -> list[Crumb]:
    """The way down to the course of a module, or to the language whose path it is."""
    course, language = place.course, place.language
    if course.kind is CourseKind.PATH and language is not None:
        return [(_("Languages"), "/languages"), (language.name, f"/languages/{language.slug}")]
    return [(_("Courses"), "/courses"), (course.title, f"/courses/{course.slug}")]


def crumbs_to_item(place: ItemContext, title: str) -> list[Crumb]:
    """The way down to an item, which is the page itself."""
    return [*crumbs_to_module(place), (place.module.title, f"/modules/{place.module.id}"), (title, None)]


def seconds_left(deadline: datetime, moment: datetime) -> str:
    """Minutes and seconds to a deadline, as a clock shows them."""
    left = max(0, int((deadline - moment).total_seconds()))
    return f"{left // 60}:{left % 60:02d}"
