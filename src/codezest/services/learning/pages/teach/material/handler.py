"""Where a lesson is written: saved as it is typed while it is a draft, and when asked once learners see it."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, Conflict
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_item import change_material
from codezest.services.learning.pages.item_kinds import material_text
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.conflict import differing, going_on_from
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    keeping,
    label_of,
    read,
    refusal,
    sent,
    shown_here,
    status_in,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.uploads.fields import lesson_uploads
from codezest.services.learning.queries.teaching_content import studio_material
from codezest.services.learning.rules import RUNNABLE_MATERIALS
from codezest.services.learning.schemas.authoring import MaterialChange
from codezest.services.learning.schemas.teaching_content import StudioMaterial
from codezest_db.enums import MaterialType, PublicationStatus

router = page_router()

EVERY = ("title", "slug", "description", "duration_minutes")
OF_TYPE = {
    MaterialType.ARTICLE: ("content",),
    MaterialType.VIDEO: ("video_url", "captions_url", "image_url", "transcript", "content"),
    MaterialType.CODE_EXAMPLE: ("code", "stdin", "content"),
    MaterialType.INTERACTIVE: ("code", "stdin", "content"),
    MaterialType.PDF: ("file_url", "content"),
    MaterialType.DOCX: ("file_url", "content"),
    MaterialType.QUIZ: ("quiz_id", "content"),
}
COLUMNS = {"stdin": "sample_input"}
"""Fields that are called otherwise than their column: the cell that is run reads `stdin`."""


@router.get("/teach/materials/{material_id}")
async def material(material_id: UUID, context: Context) -> HTMLResponse:
    """One statement. Who may not write sees the same, and cannot change it."""
    return await _page(context, material_id)


@router.post("/teach/materials/{material_id}/save")
async def save(material_id: UUID, request: Request, context: Context) -> Response:
    """Store what was entered, unless somebody else has stored something since the form was made.

    A script that saves by itself sends `autosave` and is answered in JSON; it never changes what learners see already.
    """
    form = await sent(request)
    by_itself = "autosave" in form.texts
    if form.text("do"):
        return await _page(context, material_id, form=form)
    try:
        _course, stored = await studio_material(context.database.pool("learning"), context.actor, material_id)
        if by_itself and stored.status is PublicationStatus.PUBLISHED:
            raise Conflict(_("This lesson is published meanwhile. Save it yourself when learners may see the change."))
        change = read(MaterialChange, _given(form, stored))
        async with context.database.write("learning") as session:
            await change_material(session, context.actor, material_id, change)
    except (FormRefused, AppError) as error:
        if by_itself:
            return _told(error)
        return await _page(context, material_id, form=form, error=shown_here(error))
    if by_itself:
        _course, stored = await studio_material(context.database.pool("learning"), context.actor, material_id)
        return JSONResponse({"revision": stored.revision, "saved_at": now().isoformat()})
    return context.redirect(f"/teach/materials/{material_id}", flash=_("Saved."))


def _told(error: FormRefused | AppError) -> JSONResponse:
    """A refusal for a script."""
    if isinstance(error, FormRefused):
        return JSONResponse({"detail": error.errors[0][1]}, 422)
    return JSONResponse(error.problem(), error.status, media_type="application/problem+json")


def _given(form: Sent, stored: StudioMaterial) -> dict[str, Any]:
    """What the form says, as the API's type takes it."""
    fields = (*EVERY, *OF_TYPE[stored.type])
    given: dict[str, Any] = {
        COLUMNS.get(name, name): form.texts[name] if name in {"code", "stdin"} else text_or_none(form.texts[name])
        for name in fields
        if name in form.texts
    }
    for name in ("title", "slug"):
        given[name] = form.text(name).strip()
    given["revision"] = form.text("revision")
    if "duration_minutes" in given:
        given["duration_minutes"] = whole_number("duration_minutes", form.text("duration_minutes"))
    given |= status_in(form)
    return given


def _values(stored: StudioMaterial) -> dict[str, str]:
    fields = (*EVERY, *OF_TYPE[stored.type])
    found = {name: getattr(stored, COLUMNS.get(name, name)) for name in fields}
    return {name: "" if value is None else str(value) for name, value in found.items()}


async def _page(
    context: RequestContext,
    material_id: UUID,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    course, stored = await studio_material(context.database.pool("learning"), context.actor, material_id)
    kept = _values(stored)
    values = form.over(kept) if form else kept
    return context.page(
        "learning/pages/teach/material/template.html",
        **frame(course, "content"),
        **(refusal(error) if error else NO_ERRORS),
        material=stored,
        values=values,
        revision=going_on_from(stored.revision, form, error),
        differing=differing(kept, values, error, label=label_of),
        kind=material_text(stored.type),
        runnable=stored.type in RUNNABLE_MATERIALS,
        draft=stored.status is PublicationStatus.DRAFT,
        **keeping(context, "material", material_id, typed=form is not None),
        written=prose_or_none(values.get("content")),
        uploads=await lesson_uploads(context, course.id, stored),
    )
