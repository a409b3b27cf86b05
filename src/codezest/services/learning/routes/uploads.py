"""Files of a course, for those who teach it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile

from codezest.kit.context import Context
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.pagination import Cursor
from codezest.services.learning.actions.uploads.add_upload import add_upload
from codezest.services.learning.actions.uploads.attach_upload import attach_to_course, attach_to_material
from codezest.services.learning.actions.uploads.remove_upload import remove_upload
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import uploads
from codezest.services.learning.routes.multipart import file_body
from codezest.services.learning.schemas.uploads import Slot, UploadChoice, UploadDetail, UploadPage
from codezest_db.enums import UploadKind

router = APIRouter(tags=["authoring"])


@router.get("/courses/{course_id}/uploads")
async def list_uploads(
    context: Context,
    course_id: UUID,
    q: Annotated[str, Query(max_length=100, description="A part of the name.")] = "",
    kind: UploadKind | None = None,
    cursor: Cursor = None,
) -> UploadPage:
    """The files of a course, newest first, with where each is used."""
    pool = context.database.pool("learning")
    await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    limit = context.settings.course_storage_mb
    return await uploads.uploads_of_course(pool, course_id, limit_mb=limit, words=q, kind=kind, cursor=cursor)


@router.post(
    "/courses/{course_id}/uploads",
    status_code=201,
    openapi_extra=file_body(kind={"type": "string", "enum": [kind.value for kind in UploadKind]}),
)
async def send_upload(request: Request, context: Context, course_id: UUID) -> UploadDetail:
    """Send a file as `multipart/form-data`. What it is follows from its content: `upload-refused` says what is wrong with it."""
    pool = context.database.pool("learning")
    # Asked before the body is read: it may be large.
    await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    form = await request.form(max_files=1, max_fields=10)
    try:
        sent, kind = form.get("file"), form.get("kind")
        if not isinstance(sent, UploadFile):
            raise ValidationFailed.of("file", _("Choose a file first."))
        if kind not in set(UploadKind):
            raise ValidationFailed.of("kind", _("Say what the file is for."))
        upload_id = await add_upload(
            context.resources, context.actor, course_id, sent.file, name=sent.filename or "", kind=UploadKind(kind)
        )
    finally:
        await form.close()
    return (await uploads.upload(pool, upload_id))[1]


@router.get("/uploads/{upload_id}")
async def read_upload(context: Context, upload_id: UUID) -> UploadDetail:
    """One file of a course. Its content is at its `url`, outside of the API."""
    context.actor.require_user()
    pool = context.database.pool("learning")
    course_id, found = await uploads.upload(pool, upload_id)
    await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    return found


@router.delete("/uploads/{upload_id}", status_code=204)
async def delete_upload(context: Context, upload_id: UUID) -> None:
    """Delete a file. 409 `upload-in-use` where the course still shows it."""
    async with context.database.write("learning") as session:
        await remove_upload(session, context.actor, upload_id)


@router.put("/materials/{material_id}/uploads/{slot}", status_code=204)
async def attach(context: Context, material_id: UUID, slot: Slot, choice: UploadChoice) -> None:
    """Show a file of the same course in a material, in place of what stood there; null takes it out."""
    async with context.database.write("learning") as session:
        await attach_to_material(session, context.actor, material_id, slot, choice.upload_id)


@router.put("/courses/{course_id}/image", status_code=204)
async def choose_image(context: Context, course_id: UUID, choice: UploadChoice) -> None:
    """Make a picture of the course the one that stands for it; null takes it away."""
    async with context.database.write("learning") as session:
        await attach_to_course(session, context.actor, course_id, choice.upload_id)
