"""What the forms say that send a file for a lesson or a course: what stands there now, and what may come."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from codezest.kit.context import RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.uploads.attach_upload import KINDS
from codezest.services.learning.pages.files.links import ids_in, signed_link, upload_id_in
from codezest.services.learning.pages.files.sizes import size_text
from codezest.services.learning.pages.teach.uploads.sending import field_of
from codezest.services.learning.queries.uploads import UploadRow, named_uploads
from codezest.services.learning.schemas.teaching_content import StudioMaterial
from codezest.services.learning.schemas.uploads import Slot
from codezest_db.enums import MaterialType, UploadKind

SLOTS: Mapping[MaterialType, Sequence[Slot]] = {
    MaterialType.VIDEO: ("video", "captions", "picture"),
    MaterialType.PDF: ("document",),
    MaterialType.DOCX: ("document",),
}


async def lesson_uploads(context: RequestContext, course_id: UUID, material: StudioMaterial) -> list[dict[str, Any]]:
    """The arguments of `upload_field` for each file that a lesson of this type shows."""
    held: Mapping[Slot, str | None] = {
        "video": material.video_key,
        "captions": material.captions_url,
        "picture": material.image_key,
        "document": material.file_key,
    }
    labels: Mapping[Slot, tuple[str, str]] = {
        "video": (_("Film"), _("Send the film")),
        "captions": (_("Captions"), _("Send the captions")),
        "picture": (_("Still picture"), _("Send the picture")),
        "document": (_("Document"), _("Send the document")),
    }
    rows = await named_uploads(context.database.pool("learning"), course_id, ids_in(held.values()))
    fields: list[dict[str, Any]] = []
    for slot in SLOTS.get(material.type, ()):
        action = f"/teach/materials/{material.id}/uploads/{slot}"
        fields.append(
            {
                **field_of(context, KINDS[slot]),
                "id": f"upload-{slot}",
                "action": action,
                "label": labels[slot][0],
                "verb": labels[slot][1],
                "current": _current(context, rows.get(upload_id_in(held[slot]) or UUID(int=0))),
                "remove": f"{action}/remove",
            }
        )
    return fields


def course_picture_field(context: RequestContext, course_id: UUID, image_key: str | None) -> dict[str, Any]:
    """The same for the picture of a course, and the picture."""
    action = f"/teach/courses/{course_id}/image"
    upload_id = upload_id_in(image_key)
    return {
        **field_of(context, UploadKind.PICTURE),
        "id": "upload-image",
        "action": action,
        "label": _("Picture of the course"),
        "verb": _("Send the picture"),
        "current": (_("The picture shown now"), f"/uploads/{upload_id}", None) if upload_id else None,
        "remove": f"{action}/remove",
        "shown": f"/uploads/{upload_id}?size=small" if upload_id else None,
    }


def _current(context: RequestContext, row: UploadRow | None) -> tuple[str, str, str] | None:
    return (row.name, signed_link(context, row), size_text(row.size_bytes)) if row else None
