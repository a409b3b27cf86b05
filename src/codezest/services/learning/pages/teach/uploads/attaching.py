"""The forms beside a lesson and a course that send a file and put it to use at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.uploads.add_upload import add_upload
from codezest.services.learning.actions.uploads.attach_upload import KINDS, attach_to_course, attach_to_material
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.uploads.sending import (
    SentFile,
    by_script,
    field_of,
    refused,
    sent_file,
    sent_on,
)
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of, access_taught_course
from codezest.services.learning.schemas.uploads import Slot
from codezest_db.enums import UploadKind

router = page_router()


@router.post("/teach/materials/{material_id}/uploads/{slot}")
async def send_for_material(request: Request, context: Context, material_id: UUID, slot: Slot) -> Response:
    """Keep a file and show it in the lesson."""
    pool = context.database.pool("learning")
    course = await access_course_of(pool, context.actor, "material", material_id, Permission.AUTHOR)
    back = f"/teach/materials/{material_id}"
    try:
        async with sent_file(request) as sent:
            upload_id = await _keep(context, course.id, sent, KINDS[slot])
        async with context.database.write("learning") as session:
            await attach_to_material(session, context.actor, material_id, slot, upload_id)
    except AppError as error:
        return _again(request, context, course, error, kind=KINDS[slot], back=back)
    return sent_on(request, context, back, flash=_("The lesson shows the file now."))


@router.post("/teach/materials/{material_id}/uploads/{slot}/remove")
async def take_out_of_material(context: Context, material_id: UUID, slot: Slot) -> Response:
    """Show it no longer; the file stays among those of the course."""
    back = f"/teach/materials/{material_id}"
    try:
        async with context.database.write("learning") as session:
            await attach_to_material(session, context.actor, material_id, slot, None)
    except AppError as error:
        if error.status != 422:
            raise
        return context.redirect(back, flash=error.detail, kind="error")
    return context.redirect(back, flash=_("The file is taken out. It is still among the files of the course."))


@router.post("/teach/courses/{course_id}/image")
async def send_course_picture(request: Request, context: Context, course_id: UUID) -> Response:
    """Keep a picture and show it with the course."""
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    back = f"/teach/courses/{course_id}/settings"
    try:
        async with sent_file(request) as sent:
            back = safe_next(sent.text("back"), back)
            upload_id = await _keep(context, course_id, sent, UploadKind.PICTURE)
        async with context.database.write("learning") as session:
            await attach_to_course(session, context.actor, course_id, upload_id)
    except AppError as error:
        return _again(request, context, course, error, kind=UploadKind.PICTURE, back=back)
    return sent_on(request, context, back, flash=_("This is the picture of the course now."))


@router.post("/teach/courses/{course_id}/image/remove")
async def take_course_picture(context: Context, course_id: UUID) -> Response:
    """Show the course without a picture."""
    async with context.database.write("learning") as session:
        await attach_to_course(session, context.actor, course_id, None)
    return context.redirect(f"/teach/courses/{course_id}/settings", flash=_("The course has no picture now."))


async def _keep(context: RequestContext, course_id: UUID, sent: SentFile, kind: UploadKind) -> UUID:
    return await add_upload(context.resources, context.actor, course_id, sent.file.file, name=sent.name, kind=kind)


def _again(
    request: Request, context: RequestContext, course: TaughtCourse, error: AppError, *, kind: UploadKind, back: str
) -> Response:
    """The form once more, by itself, with what was wrong."""
    if by_script(request):
        return refused(error)
    told = shown_here(error)
    values: Mapping[str, Any] = {**frame(course, "content"), **field_of(context, kind)}
    return context.page(
        "learning/pages/teach/uploads/again.html",
        values,
        status=told.status,
        action=context.path,
        back=back,
        message=told.detail,
    )
