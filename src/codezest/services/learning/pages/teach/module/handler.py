"""What a module says of itself, and what comes before it."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_module import change_module
from codezest.services.learning.errors import PrerequisiteRefused
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.conflict import differing, going_on_from
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    keeping,
    label_of,
    lines_of,
    read,
    refusal,
    sent,
    shown_here,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.teaching_content import studio_module
from codezest.services.learning.schemas.authoring import ModuleChange
from codezest.services.learning.schemas.teaching_content import StudioModule

router = page_router()

FIELDS = ("title", "slug", "description", "syllabus", "estimated_minutes")


@router.get("/teach/modules/{module_id}")
async def module(module_id: UUID, context: Context) -> HTMLResponse:
    """One statement. Who may not write sees the same, and cannot change it."""
    return await _page(context, module_id)


@router.post("/teach/modules/{module_id}/save")
async def save(module_id: UUID, request: Request, context: Context) -> Response:
    """Store what was entered, unless somebody else has stored something since the form was made."""
    form = await sent(request)
    if form.text("do"):
        return await _page(context, module_id, form=form)
    try:
        given = {
            "title": form.text("title").strip(),
            "slug": form.text("slug").strip(),
            "description": text_or_none(form.text("description")),
            "syllabus": lines_of(form.text("syllabus")),
            "estimated_minutes": whole_number("estimated_minutes", form.text("estimated_minutes")),
            "prerequisite_ids": form.many("prerequisite_ids"),
            "revision": form.text("revision"),
        }
        change = read(ModuleChange, given)
        async with context.database.write("learning") as session:
            await change_module(session, context.actor, module_id, change)
    except (FormRefused, AppError) as error:
        return await _page(context, module_id, form=form, error=shown_here(error))
    return context.redirect(f"/teach/modules/{module_id}", flash=_("Saved."))


async def _page(
    context: RequestContext, module_id: UUID, *, form: Sent | None = None, error: FormRefused | AppError | None = None
) -> HTMLResponse:
    course, stored = await studio_module(context.database.pool("learning"), context.actor, module_id)
    values = kept = _values(stored)
    chosen: Sequence[str] = [str(one) for one in stored.prerequisite_ids]
    if form is not None:
        values, chosen = kept | form.shown(FIELDS), form.many("prerequisite_ids")
    problem = dict(refusal(error)) if error else dict(NO_ERRORS)
    if isinstance(error, PrerequisiteRefused):
        problem["messages"] = {"prerequisite_ids": error.detail}
    return context.page(
        "learning/pages/teach/module/template.html",
        **frame(course, "content"),
        **problem,
        **keeping(context, "module", module_id, typed=form is not None),
        module=stored,
        values=values,
        chosen=chosen,
        revision=going_on_from(stored.revision, form, error),
        differing=differing(kept, values, error, label=label_of),
    )


def _values(module: StudioModule) -> dict[str, str]:
    return {
        "title": module.title,
        "slug": module.slug,
        "description": module.description or "",
        "syllabus": "\n".join(module.syllabus),
        "estimated_minutes": str(module.estimated_minutes or ""),
    }
