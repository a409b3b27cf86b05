"""The files of a course: what there is, where it is used, and a form that sends another."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.uploads.accept import most_bytes
from codezest.services.learning.actions.uploads.add_upload import add_upload
from codezest.services.learning.actions.uploads.refusals import UploadInUse, UploadRefused
from codezest.services.learning.actions.uploads.remove_upload import remove_upload
from codezest.services.learning.pages.files.links import picture_link
from codezest.services.learning.pages.files.sizes import size_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.uploads.sending import by_script, field_of, refused, sent_file, sent_on
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.uploads import upload as read_upload
from codezest.services.learning.queries.uploads import uploads_of_course
from codezest.services.learning.schemas.uploads import UploadDetail, UploadUse
from codezest_db.enums import UploadKind

router = page_router()

LONGEST_QUERY = 100


@router.get("/teach/courses/{course_id}/files")
async def files(
    context: Context,
    course_id: UUID,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """The list; search, kind and page are in the address."""
    course = await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.VIEW)
    return await _page(context, course, q=q, kind=kind, cursor=cursor)


@router.post("/teach/courses/{course_id}/files")
async def send(request: Request, context: Context, course_id: UUID) -> Response:
    """Take in another file."""
    course = await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)
    wanted = ""
    try:
        async with sent_file(request) as sent:
            wanted = sent.text("kind")
            if wanted not in set(UploadKind):
                raise UploadRefused("kind", _("Say what the file is for."))
            await add_upload(
                context.resources, context.actor, course_id, sent.file.file, name=sent.name, kind=UploadKind(wanted)
            )
    except AppError as error:
        if by_script(request):
            return refused(error)
        told = shown_here(error)
        return await _page(context, course, status=told.status, wanted=wanted, message=told.detail)
    return sent_on(request, context, f"/teach/courses/{course_id}/files", flash=_("The file is kept."))


@router.post("/teach/uploads/{upload_id}/remove")
async def remove(context: Context, upload_id: UUID) -> Response:
    """Delete a file that is used nowhere."""
    context.actor.require_user()
    course_id, _found = await read_upload(context.database.pool("learning"), upload_id)
    back = f"/teach/courses/{course_id}/files"
    try:
        async with context.database.write("learning") as session:
            await remove_upload(session, context.actor, upload_id)
    except UploadInUse as error:
        return context.redirect(back, flash=error.detail, kind="error")
    return context.redirect(back, flash=_("The file is deleted."))


async def _page(
    context: RequestContext,
    course: TaughtCourse,
    *,
    q: str = "",
    kind: str = "",
    cursor: str | None = None,
    status: int = 200,
    wanted: str = "",
    message: str | None = None,
) -> HTMLResponse:
    found = await uploads_of_course(
        context.database.pool("learning"),
        course.id,
        limit_mb=context.settings.course_storage_mb,
        words=q,
        kind=UploadKind(kind) if kind in set(UploadKind) else None,
        cursor=cursor,
    )
    base = f"/teach/courses/{course.id}/files"
    fields = {name: value for name, value in (("q", q), ("kind", kind), ("cursor", found.next_cursor)) if value}
    return context.page(
        "learning/pages/teach/uploads/template.html",
        status=status,
        **frame(course, "files"),
        found=found,
        rows=[_row(context, one) for one in found.items],
        kinds=[(one, kind_text(one)) for one in UploadKind],
        hints=[(kind_text(one), field_of(context, one)["hint"]) for one in UploadKind],
        asked={"q": q, "kind": kind},
        first=base if cursor else None,
        following=f"{base}?{urlencode(fields)}" if found.next_cursor else None,
        room=_("%(used)s of %(limit)s used")
        % {"used": size_text(found.used_bytes), "limit": size_text(found.limit_bytes)},
        wanted=wanted or UploadKind.PICTURE,
        message=message,
        largest=max(most_bytes(one, context.settings) for one in UploadKind),
        may_write=course.may(Permission.AUTHOR),
        base=base,
        longest=LONGEST_QUERY,
    )


def _row(context: RequestContext, found: UploadDetail) -> dict[str, Any]:
    name = found.name.rpartition(".")[0].replace("[", "").replace("]", "") or found.name
    is_picture = found.kind is UploadKind.PICTURE
    return {
        "upload": found,
        "kind": kind_text(found.kind),
        "size": size_text(found.size_bytes),
        "picture": picture_link(context, found.url, small=True) if is_picture else None,
        "markdown": f"![{name}]({found.url})" if is_picture else f"[{name}]({found.url})",
        "uses": [(use.title, use_path(use)) for use in found.used_in],
    }


def use_path(use: UploadUse) -> str:
    """Where the studio shows what uses a file."""
    return {
        "COURSE": f"/teach/courses/{use.id}/settings",
        "MATERIAL": f"/teach/materials/{use.id}",
        "ASSIGNMENT": f"/teach/assignments/{use.id}",
        "QUESTION": f"/teach/questions/{use.id}",
    }[use.kind]


def kind_text(kind: UploadKind) -> str:
    """What a file is for, in words."""
    return {
        UploadKind.PICTURE: _("Picture"),
        UploadKind.VIDEO: _("Film"),
        UploadKind.CAPTIONS: _("Captions"),
        UploadKind.DOCUMENT: _("Document"),
        UploadKind.ATTACHMENT: _("Attachment"),
    }[kind]
