"""When each module of a course opens: one table, saved as one."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_module import change_module
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent, whole_number
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.moments import field_text, moment_in
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.schedule import ScheduledModule, schedule
from codezest.services.learning.schemas.authoring import ModuleChange

router = page_router()


@router.get("/teach/courses/{course_id}/schedule")
async def show(course_id: UUID, context: Context) -> HTMLResponse:
    """The table."""
    return await _page(context, course_id)


@router.post("/teach/courses/{course_id}/schedule")
async def save(course_id: UUID, request: Request, context: Context) -> Response:
    """Store what has changed, all of it or nothing."""
    pool = context.database.pool("learning")
    await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    form = await sent(request)
    modules = await schedule(pool, course_id)
    try:
        changes = _changes(form, modules)
    except FormRefused as error:
        return await _page(context, course_id, form=form, error=error)
    async with context.database.write("learning") as session:
        for module_id, change in changes:
            await change_module(session, context.actor, module_id, change)
    return context.redirect(f"/teach/courses/{course_id}/schedule", flash=_("The dates are saved."))


def _changes(form: Sent, modules: list[ScheduledModule]) -> list[tuple[UUID, ModuleChange]]:
    """What differs from what is stored, for modules that the form has shown.

    Raises:
        FormRefused: a date or a number cannot be read; each is named.
    """
    changes: list[tuple[UUID, ModuleChange]] = []
    errors: list[tuple[str | None, str]] = []
    for module in modules:
        at, days = f"opens-at-{module.id}", f"opens-after-{module.id}"
        if at not in form.texts:
            continue
        given: dict[str, Any] = {}
        try:
            if form.text(at) != field_text(module.opens_at):
                given["opens_at"] = moment_in(at, form.text(at))
            if (number := whole_number(days, form.text(days))) != module.opens_after_days:
                given["opens_after_days"] = number
            change = read(ModuleChange, given)
        except FormRefused as error:
            named = {"opens_after_days": days, "opens_at": at}
            errors += [(named.get(name or "", name), message) for name, message in error.errors]
            continue
        if given:
            changes.append((module.id, change))
    if errors:
        raise FormRefused(errors)
    return changes


async def _page(
    context: RequestContext, course_id: UUID, *, form: Sent | None = None, error: FormRefused | None = None
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    modules = await schedule(pool, course_id)
    values: dict[str, str] = {}
    for module in modules:
        values[f"opens-at-{module.id}"] = field_text(module.opens_at)
        days = module.opens_after_days
        values[f"opens-after-{module.id}"] = "" if days is None else str(days)
    if form is not None:
        values = form.over(values)
    return context.page(
        "learning/pages/teach/schedule/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="schedule",
        modules=modules,
        values=values,
    )
