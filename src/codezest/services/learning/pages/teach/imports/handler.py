"""To send the ZIP of a course, to see what it would do, and to decide."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, Conflict, Forbidden, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.importing.stage_import import apply_import, discard_import, stage_import
from codezest.services.learning.actions.uploads.accept import ACCEPT, MEGABYTE, formats_text, most_bytes
from codezest.services.learning.errors import ImportNotReady
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.imports.fields import fields_of
from codezest.services.learning.pages.teach.imports.words import kind_text, outcome_text, thing_path, warning_text
from codezest.services.learning.pages.teach.uploads.sending import by_script, refused, sent_file, sent_on
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.imports import my_imports, one_import
from codezest.services.learning.schemas.imports import ImportDetail, ImportThing
from codezest_db.enums import ImportStatus

router = page_router()

ROWS = 100
"""Things on one page of a preview."""
MOST_WARNINGS = 50


@router.get("/teach/import")
async def new(context: Context) -> HTMLResponse:
    """To begin a course from a ZIP."""
    context.actor.require_author()
    return await _form(context, None)


@router.post("/teach/import")
async def send_new(request: Request, context: Context) -> Response:
    """Take in the ZIP of a new course."""
    context.actor.require_author()
    return await _sent(request, context, None)


@router.get("/teach/courses/{course_id}/import")
async def into(context: Context, course_id: UUID) -> HTMLResponse:
    """To change a course by a ZIP."""
    return await _form(context, await _course(context, course_id))


@router.post("/teach/courses/{course_id}/import")
async def send_into(request: Request, context: Context, course_id: UUID) -> Response:
    """Take in a ZIP for a course that is there."""
    return await _sent(request, context, await _course(context, course_id))


@router.get("/teach/imports/{import_id}")
async def preview(
    context: Context, import_id: UUID, start: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> HTMLResponse:
    """How far it is, what is wrong, or what it would do. The page asks again by itself while something is under way."""
    return await _preview(context, import_id, start=start)


@router.post("/teach/imports/{import_id}/apply")
async def take_over(context: Context, import_id: UUID) -> Response:
    """Do what the preview says."""
    try:
        await apply_import(context.resources, context.actor, import_id)
    except Conflict as error:
        return await _preview(context, import_id, problem=error)
    return context.redirect(f"/teach/imports/{import_id}")


@router.post("/teach/imports/{import_id}/discard")
async def discard(context: Context, import_id: UUID) -> Response:
    """Give it up, and go back to where it came from."""
    found = await one_import(context.database.pool("learning"), context.actor, import_id)
    try:
        async with context.database.write("learning") as session:
            await discard_import(session, context.actor, import_id)
    except ImportNotReady as error:
        return await _preview(context, import_id, problem=error)
    back = f"/teach/courses/{found.course_id}/import" if found.course_id else "/teach/import"
    return context.redirect(back, flash=_("The ZIP is discarded. Nothing was changed."))


async def _course(context: RequestContext, course_id: UUID) -> TaughtCourse:
    return await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)


async def _sent(request: Request, context: RequestContext, course: TaughtCourse | None) -> Response:
    try:
        async with sent_file(request) as sent:
            import_id = await stage_import(
                context.resources, context.actor, course.id if course else None, sent.file.file, name=sent.name
            )
    except AppError as error:
        if by_script(request):
            return refused(error)
        if error.status in {401, 403, 404}:
            raise
        return await _form(context, course, problem=error)
    return sent_on(request, context, f"/teach/imports/{import_id}", flash=_("The ZIP has arrived."))


async def _form(
    context: RequestContext, course: TaughtCourse | None, *, problem: AppError | None = None
) -> HTMLResponse:
    waiting = await my_imports(
        context.database.pool("learning"), context.actor, course_id=course.id if course else None
    )
    return context.page(
        "learning/pages/teach/imports/template.html",
        status=problem.status if problem else 200,
        **_around(course),
        **_field(context),
        action=f"/teach/courses/{course.id}/import" if course else "/teach/import",
        message=problem.detail if problem else None,
        waiting=[one for one in waiting.items if course is not None or one.course_id is None],
    )


async def _preview(
    context: RequestContext, import_id: UUID, *, start: int = 0, problem: AppError | None = None
) -> HTMLResponse:
    found = await one_import(context.database.pool("learning"), context.actor, import_id)
    course = await _course_of(context, found)
    things = found.preview.things if found.preview else []
    order = {"REMOVED": 0, "CHANGED": 1, "CREATED": 2}
    things = sorted(things, key=lambda one: order[one.outcome])
    base = f"/teach/imports/{import_id}"
    return context.page(
        "learning/pages/teach/imports/preview.html",
        status=problem.status if problem else 200,
        **_around(course),
        **_field(context),
        action=f"/teach/courses/{course.id}/import" if course else "/teach/import",
        may_send=course is not None or found.course_id is None,
        found=found,
        base=base,
        waiting=found.status in {ImportStatus.PENDING, ImportStatus.APPLYING},
        counts=[(outcome, outcome_text(outcome), sum(one.outcome == outcome for one in things)) for outcome in order],
        rows=[_row(one, found) for one in things[start : start + ROWS]],
        earlier=f"{base}?start={max(0, start - ROWS)}" if start else None,
        later=f"{base}?start={start + ROWS}" if start + ROWS < len(things) else None,
        warnings=[warning_text(one) for one in found.preview.warnings[:MOST_WARNINGS]] if found.preview else [],
        more_warnings=max(0, len(found.preview.warnings) - MOST_WARNINGS) if found.preview else 0,
        work=sum(one.work for one in things),
        problem=problem.detail if problem else None,
    )


async def _course_of(context: RequestContext, found: ImportDetail) -> TaughtCourse | None:
    """Why it was refused its sender reads, also where that is why: they no longer write the course."""
    if found.course_id is None:
        return None
    try:
        return await _course(context, found.course_id)
    except (Forbidden, NotFound):
        if found.status is not ImportStatus.REFUSED:
            raise
        return None


def _row(thing: ImportThing, found: ImportDetail) -> dict[str, Any]:
    is_there = thing.outcome != "CREATED" or found.status is ImportStatus.APPLIED
    gone = thing.outcome == "REMOVED" and found.status is ImportStatus.APPLIED
    return {
        "thing": thing,
        "kind": kind_text(thing.kind),
        **fields_of(thing),
        "outcome": outcome_text(thing.outcome),
        "href": thing_path(thing) if is_there and not gone else None,
    }


def _around(course: TaughtCourse | None) -> dict[str, Any]:
    if course is None:
        return {"around": "learning/pages/teach/imports/alone.html", "course": None}
    return {"around": "layouts/studio.html", **frame(course, "versions")}


def _field(context: RequestContext) -> dict[str, Any]:
    most = most_bytes("IMPORT", context.settings)
    hint = _("%(formats)s At most %(most)s MB.") % {"formats": formats_text("IMPORT"), "most": most // MEGABYTE}
    return {"accept": ACCEPT["IMPORT"], "hint": hint, "most_bytes": most}
