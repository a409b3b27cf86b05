"""Where a learner stands everywhere, and the one step to take next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi.responses import HTMLResponse

from codezest.kit.clock import now
from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.pages.dashboard.rhythm_panel import rhythm_panel
from codezest.services.learning.pages.item_kinds import ICONS, assignment_text, material_text
from codezest.services.learning.pages.outline import LEARNING, STATES, course_page, item_path, next_item
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import pages, progress
from codezest.services.learning.schemas.pages import RecentResults
from codezest.services.learning.schemas.progress import CourseProgress, ModuleProgressDetail
from codezest_db.enums import MaterialType, ProgressStatus, SubmissionStatus

router = page_router()

RECENT = 6
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Continuation:
    """The step to take next: where, in which module, how far the course is."""

    title: str
    text: str
    percent: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the newest results: an assignment has a status, a quiz was passed or not."""

    what: str
    icon: str
    title: str
    href: str
    at: datetime
    score: str
    status: SubmissionStatus | None = None
    passed: bool = False


@router.get("/dashboard")
async def dashboard(context: Context) -> HTMLResponse:
    """Two statements: the progress everywhere, and the newest results with the rhythm."""
    context.actor.require_user()
    moment = now()
    async with context.database.reading("learning") as reader:
        mine = await progress.my_progress(reader, context.actor)
        standing = await pages.standing(reader, context.actor, moment, limit=RECENT)
    courses = [_course(course) for course in mine.items if course.enrollment.status in LEARNING]
    return context.page(
        "learning/pages/dashboard/template.html",
        courses=courses,
        continuation=continuation(mine.items),
        results=_results(standing.recent),
        rhythm=rhythm_panel(standing.rhythm, moment),
        due=[
            (
                item,
                rules.is_past(item.due_at, moment),
                assignment_text(item.assignment_kind),
                ICONS[item.assignment_kind],
            )
            for item in standing.rhythm.due
        ],
    )


def continuation(courses: Iterable[CourseProgress]) -> Continuation | None:
    """Go on in the course worked on last, as long as something in it waits."""
    waiting = [
        (course, module)
        for course in courses
        if course.enrollment.status in LEARNING and not course.archived
        if (module := _next_module(course)) is not None
    ]
    if not waiting:
        return None
    course, module = max(waiting, key=lambda pair: _last_access(pair[0]))
    item = next_item(module.items)
    # A module that was not begun may still be locked; its own page says so and why.
    begun = module.status is ProgressStatus.IN_PROGRESS
    return Continuation(
        title=item.title if item and begun else module.title,
        text=" · ".join(part for part in (course.title, module.title if begun else "") if part),
        percent=course.enrollment.progress_percent,
        href=item_path(item.kind, item.id) if item and begun else f"/modules/{module.id}",
    )


def _next_module(course: CourseProgress) -> ModuleProgressDetail | None:
    waiting = [m for m in course.modules if m.status is not ProgressStatus.COMPLETED and m.total_items]
    last = course.enrollment.last_module_id
    return next((module for module in waiting if module.id == last), waiting[0] if waiting else None)


def _last_access(course: CourseProgress) -> datetime:
    return max((module.last_accessed_at or NEVER for module in course.modules), default=course.enrollment.enrolled_at)


def _course(course: CourseProgress) -> dict[str, Any]:
    return {
        "title": course.title,
        "icon": course.language.icon if course.language else None,
        "href": course_page(course.kind, course.slug, course.language.slug if course.language else None),
        "percent": course.enrollment.progress_percent,
        "archived": course.archived,
        "modules": [
            {
                "title": module.title,
                "href": f"/modules/{module.id}",
                "percent": module.percent,
                "state": STATES[module.status],
                "text": _("%(done)s of %(total)s") % {"done": module.completed_items, "total": module.total_items},
            }
            for module in course.modules
        ],
    }


def _results(recent: RecentResults) -> list[Result]:
    """Submissions and quizzes as one list, the newest first."""
    submissions = [
        Result(
            what=assignment_text(found.assignment_kind),
            icon=ICONS[found.assignment_kind],
            title=found.title,
            href=f"/submissions/{found.summary.id}",
            at=found.summary.submitted_at,
            score=_points(found.summary.score, found.summary.max_score),
            status=found.summary.status,
        )
        for found in recent.submissions
    ]
    attempts = [
        Result(
            what=material_text(MaterialType.QUIZ),
            icon=ICONS[MaterialType.QUIZ],
            title=found.title,
            href=f"/attempts/{found.summary.id}/result",
            at=found.summary.completed_at or found.summary.started_at,
            score=_("%(score)s%%") % {"score": found.summary.score},
            passed=bool(found.summary.passed),
        )
        for found in recent.attempts
    ]
    return sorted([*submissions, *attempts], key=lambda result: result.at, reverse=True)[:RECENT]


def _points(score: int | None, max_score: int) -> str:
    return "" if score is None else _("%(score)s of %(max)s") % {"score": score, "max": max_score}
