"""Rubrics of a course: the list, and the editor of one."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.write_rubric import change_rubric, create_rubric, remove_rubric
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.rubric.form import Draft, draft_in, draft_of, rubric_in
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries import hand_grading
from codezest.services.learning.schemas.rubrics import RubricDetail, RubricUpdate

router = page_router()
SAVE = "save"


@router.get("/teach/courses/{course_id}/rubrics")
async def rubrics(course_id: UUID, context: Context) -> HTMLResponse:
    """Those that the course offers."""
    course, found = await hand_grading.rubrics(context.database.pool("learning"), context.actor, course_id)
    return context.page("learning/pages/teach/rubric/list.html", **frame(course, "grading"), rubrics=found.items)


@router.get("/teach/courses/{course_id}/rubrics/new")
async def new_rubric(course_id: UUID, context: Context) -> HTMLResponse:
    """An empty editor."""
    return _editor(context, await _to_write(context, course_id), draft_of([]))


@router.post("/teach/courses/{course_id}/rubrics/new")
async def add_rubric(course_id: UUID, context: Context, request: Request) -> Response:
    """Keep a new rubric, or give its editor more room."""
    course = await _to_write(context, course_id)
    form = await sent(request)
    draft = draft_in(form)
    if form.text("do") != SAVE:
        return _editor(context, course, draft, title=form.text("title"))
    try:
        new = rubric_in(form.text("title"), draft)
        async with context.database.write("learning") as session:
            await create_rubric(session, context.actor, course_id, new)
    except (FormRefused, AppError) as error:
        return _refused(context, course, form, draft, error)
    return context.redirect(f"/teach/courses/{course_id}/rubrics", flash=_("The rubric is saved."))


@router.get("/teach/rubrics/{rubric_id}")
async def rubric(rubric_id: UUID, context: Context) -> HTMLResponse:
    """The editor; for whoever may not write, the rubric."""
    course, found = await hand_grading.rubric(context.database.pool("learning"), context.actor, rubric_id)
    return _editor(context, course, draft_of(found.criteria), title=found.title, kept=found)


@router.post("/teach/rubrics/{rubric_id}")
async def change(rubric_id: UUID, context: Context, request: Request) -> Response:
    """Keep the changes, or give the editor more room."""
    course, found = await hand_grading.rubric(context.database.pool("learning"), context.actor, rubric_id)
    await _to_write(context, course.id)
    form = await sent(request)
    draft = draft_in(form)
    if form.text("do") != SAVE:
        return _editor(context, course, draft, title=form.text("title"), kept=found, version=form.text("version"))
    try:
        new = rubric_in(form.text("title"), draft)
        version = form.text("version")
        update = RubricUpdate(**new.model_dump(), version=int(version) if version.isdigit() else 1)
        async with context.database.write("learning") as session:
            kept = await change_rubric(session, context.actor, rubric_id, update)
            said = (
                _("The rubric is saved.")
                if kept.id == rubric_id
                else _("Saved as version %(version)s. Grades that were given keep the one before.")
                % {"version": kept.version}
            )
    except (FormRefused, AppError) as error:
        return _refused(context, course, form, draft, error, kept=found)
    return context.redirect(f"/teach/courses/{course.id}/rubrics", flash=said)


@router.post("/teach/rubrics/{rubric_id}/remove")
async def remove(rubric_id: UUID, context: Context) -> Response:
    """Offer it no more."""
    course, _found = await hand_grading.rubric(context.database.pool("learning"), context.actor, rubric_id)
    async with context.database.write("learning") as session:
        await remove_rubric(session, context.actor, rubric_id)
    said = _("The rubric is removed. Grades that were given by it keep it.")
    return context.redirect(f"/teach/courses/{course.id}/rubrics", flash=said)


async def _to_write(context: RequestContext, course_id: UUID) -> TaughtCourse:
    reader = context.database.pool("learning")
    return await access_taught_course(reader, context.actor, course_id, Permission.AUTHOR)


def _refused(
    context: RequestContext,
    course: TaughtCourse,
    form: Sent,
    draft: Draft,
    error: FormRefused | AppError,
    *,
    kept: RubricDetail | None = None,
) -> HTMLResponse:
    problem = refusal(shown_here(error))
    return _editor(
        context, course, draft, title=form.text("title"), kept=kept, version=form.text("version"), problem=problem
    )


def _editor(
    context: RequestContext,
    course: TaughtCourse,
    draft: Draft,
    *,
    title: str = "",
    kept: RubricDetail | None = None,
    version: str = "",
    problem: dict[str, Any] | None = None,
) -> HTMLResponse:
    here = f"/teach/rubrics/{kept.id}" if kept else f"/teach/courses/{course.id}/rubrics/new"
    return context.page(
        "learning/pages/teach/rubric/template.html",
        **frame(course, "grading"),
        **(problem or NO_ERRORS),
        here=here,
        draft=draft,
        title=title,
        kept=kept,
        version=version or (kept.version if kept else ""),
        may_write=Permission.AUTHOR in course.permissions and not (kept and kept.archived),
        list_href=f"/teach/courses/{course.id}/rubrics",
    )
