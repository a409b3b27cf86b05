"""Courses that come in as files."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.importing.stage_import import apply_import, discard_import, stage_import
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.imports import my_imports, one_import
from codezest.services.learning.schemas.imports import ImportDetail, ImportList

router = APIRouter(tags=["authoring"])

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.get("/teach/imports")
async def list_imports(context: Context) -> ImportList:
    """What the caller has sent and not taken over, newest first. It is kept for a day."""
    context.actor.require_author()
    return await my_imports(context.database.pool("learning"), context.actor)


@router.post("/teach/imports", status_code=202, openapi_extra=BODY)
async def import_new_course(request: Request, context: Context) -> ImportDetail:
    """Send the ZIP of a course, which becomes a draft of the caller's own. It is checked first: read it again until it is
    READY or REFUSED.
    """
    context.actor.require_author()
    return await _staged(request, context, None)


@router.post("/courses/{course_id}/imports", status_code=202, openapi_extra=BODY)
async def import_into_course(request: Request, context: Context, course_id: UUID) -> ImportDetail:
    """The same for a course that is there: it becomes what the files say. What they lack is removed, and can be restored."""
    await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)
    return await _staged(request, context, course_id)


@router.get("/imports/{import_id}")
async def read_import(context: Context, import_id: UUID) -> ImportDetail:
    """How far it is, what it would do, and why it is refused."""
    return await one_import(context.database.pool("learning"), context.actor, import_id)


@router.post("/imports/{import_id}/apply", status_code=202)
async def take_over(context: Context, import_id: UUID) -> ImportDetail:
    """Do what the preview says; asking twice does it once. Where the course has changed since, nothing is changed, and there is
    another preview.
    """
    await apply_import(context.resources, context.actor, import_id)
    return await one_import(context.database.pool("learning"), context.actor, import_id)


@router.delete("/imports/{import_id}", status_code=204)
async def discard(context: Context, import_id: UUID) -> None:
    """Give it up."""
    async with context.database.write("learning") as session:
        await discard_import(session, context.actor, import_id)


async def _staged(request: Request, context: RequestContext, course_id: UUID | None) -> ImportDetail:
    form = await request.form(max_files=1, max_fields=10)
    try:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise ValidationFailed.of("file", _("Choose a file first."))
        import_id = await stage_import(context.resources, context.actor, course_id, sent.file, name=sent.filename or "")
    finally:
        await form.close()
    return await one_import(context.database.pool("learning"), context.actor, import_id)
