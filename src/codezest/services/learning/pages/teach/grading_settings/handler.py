"""How people grade in a course: what grades are called, and each assignment's rubric, names and release."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.hand_grading.change_settings import (
    change_assignment_grading,
    change_course_grading,
)
from codezest.services.learning.actions.hand_grading.release_grades import release_grades
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    lines_of,
    read,
    refusal,
    sent,
    shown_here,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries import hand_grading
from codezest.services.learning.schemas.hand_grading import CourseGrading, HandGradingSettings

router = page_router()
SWITCHES = ("graded_by_hand", "anonymous_grading", "hold_grades")


@router.get("/teach/courses/{course_id}/grading/settings")
async def settings(course_id: UUID, context: Context) -> HTMLResponse:
    """All of them on one page."""
    return await _page(context, course_id)


@router.post("/teach/courses/{course_id}/grading/settings")
async def change_course(course_id: UUID, context: Context, request: Request) -> Response:
    """Change what grades are called, and how long they may be asked about."""
    form = await sent(request)
    try:
        change = read(
            CourseGrading,
            {
                "kind": form.text("kind"),
                "grades": _steps(form.text("grades")) if form.text("kind") == "LETTERS" else [],
                "regrade_days": whole_number("regrade_days", form.text("regrade_days")) or 0,
            },
        )
        async with context.database.write("learning") as session:
            await change_course_grading(session, context.actor, course_id, change)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, form=form, error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/grading/settings", flash=_("The settings are saved."))


@router.post("/teach/assignments/{assignment_id}/grading")
async def change_assignment(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Change how one assignment is graded."""
    reader = context.database.pool("learning")
    course = await access_course_of(reader, context.actor, "assignment", assignment_id, Permission.AUTHOR)
    form = await sent(request)
    try:
        given: dict[str, Any] = {name: name in form.texts for name in SWITCHES}
        passing = whole_number("passing_score", form.text("passing_score"))
        if passing is not None:
            given["passing_score"] = passing
        given["regrade_days"] = whole_number("regrade_days", form.text("regrade_days"))
        given["rubric_id"] = text_or_none(form.text("rubric_id"))
        async with context.database.write("learning") as session:
            await change_assignment_grading(session, context.actor, assignment_id, read(HandGradingSettings, given))
    except (FormRefused, AppError) as error:
        return await _page(context, course.id, error=shown_here(error))
    here = f"/teach/courses/{course.id}/grading/settings"
    return context.redirect(f"{here}#assignment-{assignment_id}", flash=_("The settings are saved."))


@router.post("/teach/assignments/{assignment_id}/release")
async def release(assignment_id: UUID, context: Context) -> Response:
    """Show learners all grades that are held."""
    reader = context.database.pool("learning")
    course = await access_course_of(reader, context.actor, "assignment", assignment_id, Permission.AUTHOR)
    released = 0
    while True:
        async with context.database.write("learning") as session:
            batch = await release_grades(session, context.actor, assignment_id)
        released += batch
        if not batch:
            break
    said = ngettext("%(num)s grade is released.", "%(num)s grades are released.", released) % {"num": released}
    return context.redirect(f"/teach/courses/{course.id}/grading/settings", flash=said)


async def _page(
    context: RequestContext, course_id: UUID, *, form: Sent | None = None, error: FormRefused | AppError | None = None
) -> HTMLResponse:
    reader = context.database.pool("learning")
    course, found = await hand_grading.grading_settings(reader, context.actor, course_id)
    _course, rubrics = await hand_grading.rubrics(reader, context.actor, course_id)
    kept = {
        "kind": found.kind,
        "grades": "\n".join(f"{step.name}: {step.from_percent}" for step in found.grades),
        "regrade_days": str(found.regrade_days),
    }
    return context.page(
        "learning/pages/teach/grading_settings/template.html",
        **frame(course, "grading"),
        **(refusal(error) if error else NO_ERRORS),
        values=form.shown(kept) if form else kept,
        found=found,
        rubrics=[("", _("None")), *((str(one.id), one.title) for one in rubrics.items)],
        kinds=[
            ("POINTS", _("Points alone")),
            ("PASS_FAIL", _("Pass or fail")),
            ("LETTERS", _("Letters, or other names")),
        ],
        here=f"/teach/courses/{course_id}/grading/settings",
        may_write=Permission.AUTHOR in course.permissions,
    )


def _steps(text: str) -> list[dict[str, Any]]:
    """Lines such as `A: 90`.

    Raises:
        FormRefused: a line is no such thing.
    """
    steps: list[dict[str, Any]] = []
    for line in lines_of(text):
        name, _colon, percent = line.rpartition(":")
        if not name.strip() or not percent.strip().rstrip("%").strip().isdigit():
            raise FormRefused([("grades", _("Write one grade in each line, such as A: 90."))])
        steps.append({"name": name.strip(), "from_percent": int(percent.strip().rstrip("%").strip())})
    return steps
