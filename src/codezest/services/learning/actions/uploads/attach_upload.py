"""Put a file of a course to use: in a lesson, or as the course's picture."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.actions.uploads.add_upload import address_of, key_of, upload_of
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.uploads import Slot
from codezest_db.enums import MaterialType, UploadKind
from codezest_db.models.learning import Course, Material

KINDS: Mapping[Slot, UploadKind] = {
    "video": UploadKind.VIDEO,
    "captions": UploadKind.CAPTIONS,
    "document": UploadKind.DOCUMENT,
    "picture": UploadKind.PICTURE,
}
_DOCUMENTS: Mapping[MaterialType, str] = {MaterialType.PDF: "application/pdf", MaterialType.DOCX: "wordprocessingml"}


async def attach_to_material(
    session: AsyncSession, actor: Actor, material_id: UUID, slot: Slot, upload_id: UUID | None
) -> UUID:
    """Show a file of the same course in a lesson in place of what it showed, or nothing; returns the course's id.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: it is no file of this course, or of another kind than the lesson shows.
        NotReady: the lesson is published and would lack what its readers need.
    """
    authored = await access_authored(session, actor, Material, material_id)
    material = authored.row
    await _check(session, authored.course.id, slot, upload_id, material.type)
    key = key_of(upload_id) if upload_id else None
    match slot:
        case "video":
            material.video_key, material.video_url = key, None
        case "document":
            material.file_key, material.file_url = key, None
        case "picture":
            material.image_key, material.image_url = key, None
        case "captions":
            material.captions_url = address_of(upload_id) if upload_id else None
    await check_ready(session, material)
    return authored.course.id


async def attach_to_course(session: AsyncSession, actor: Actor, course_id: UUID, upload_id: UUID | None) -> None:
    """Make a picture that of the course, or show none.

    Raises:
        Unauthenticated, Forbidden, NotFound: the caller does not write this course.
        ValidationFailed: it is no picture of this course.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    await _check(session, course_id, "picture", upload_id)
    course = await session.get(Course, course_id, with_for_update={"key_share": True})
    if course is None:
        raise NotFound
    course.image_key, course.image_url = key_of(upload_id) if upload_id else None, None


async def _check(
    session: AsyncSession, course_id: UUID, slot: Slot, upload_id: UUID | None, shown_as: MaterialType | None = None
) -> None:
    if upload_id is None:
        return
    upload = await upload_of(session, upload_id, course_id)
    if upload is None or upload.kind is not KINDS[slot]:
        raise ValidationFailed.of("upload_id", _("This is no such file of the course."))
    wanted = _DOCUMENTS.get(shown_as) if shown_as and slot == "document" else None
    if wanted and wanted not in upload.media_type:
        message = _("This lesson shows a PDF.") if shown_as is MaterialType.PDF else _("This lesson shows a DOCX.")
        raise ValidationFailed.of("upload_id", message)
