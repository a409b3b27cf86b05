"""The content of a course: its modules and items, their order and state, and what is missing before it is published."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.teaching import duplicate_course, publish_course, remove_course
from codezest.services.learning.errors import NotReady
from codezest.services.learning.pages.item_kinds import item_icon
from codezest.services.learning.pages.outline import minutes_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.course.things import (
    editor_path,
    item_note,
    mending_path,
    offered_types,
)
from codezest.services.learning.pages.teach.forms import refusal, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.readiness import lacking_text, unmet
from codezest.services.learning.queries.teaching import outline_of_course
from codezest.services.learning.schemas.teaching import CourseOutline, OutlineModule
from codezest_db.enums import PublicationStatus

router = page_router()


@router.get("/teach/courses/{course_id}")
async def course(
    course_id: UUID,
    context: Context,
    undo: Annotated[str, Query(max_length=60)] = "",
    edit: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """One statement. `edit` names the module or item whose name, place and end are asked about."""
    return await outline_page(context, course_id, undo=undo, edit=edit)


@router.post("/teach/courses/{course_id}/status")
async def change_status(course_id: UUID, context: Context, status: Annotated[PublicationStatus, Form()]) -> Response:
    """Publish it, take it back, or archive it."""
    try:
        async with context.database.write("learning") as session:
            await publish_course.change_status(session, context.actor, course_id, status)
    except AppError as error:
        return await outline_page(context, course_id, error=shown_here(error))
    said = {
        PublicationStatus.PUBLISHED: _("Published. Learners can find it now."),
        PublicationStatus.DRAFT: _("It is a draft again."),
        PublicationStatus.ARCHIVED: _("Archived. Nobody can enrol any more; what learners achieved is kept."),
    }
    return context.redirect(f"/teach/courses/{course_id}", flash=said[status])


@router.post("/teach/courses/{course_id}/duplicate")
async def duplicate(course_id: UUID, context: Context) -> Response:
    """Go on in a copy of it."""
    async with context.database.write("learning") as session:
        new_id = await duplicate_course.duplicate_course(session, context.actor, course_id)
    return context.redirect(
        f"/teach/courses/{new_id}/settings", flash=_("This is the copy. It is a draft of your own.")
    )


@router.post("/teach/courses/{course_id}/delete")
async def delete(course_id: UUID, context: Context) -> Response:
    """Delete it; the page that follows offers to undo that."""
    try:
        async with context.database.write("learning") as session:
            await remove_course.remove_course(session, context.actor, course_id)
    except AppError as error:
        return await outline_page(context, course_id, error=shown_here(error))
    return context.redirect(f"/teach?removed={course_id}")


async def outline_page(
    context: RequestContext,
    course_id: UUID,
    *,
    undo: str = "",
    edit: str = "",
    said: str = "",
    error: AppError | None = None,
    added: dict[str, str] | None = None,
) -> HTMLResponse:
    """The page, or for scripts the outline alone.

    Args:
        context: of the request.
        course_id: of the course.
        undo: names what was deleted a moment ago, as `KIND:id`.
        edit: names what is to be renamed, moved or deleted.
        said: for screen readers, what has just been done.
        error: why it was not.
        added: what was typed into a form that was refused: `module_id`, `type`, `title`.
    """
    course, outline = await outline_of_course(context.database.pool("learning"), context.actor, course_id)
    problem: dict[str, Any] = {"status": 200, "errors": [], "messages": {}}
    if error is not None:
        problem = refusal(error)
    whole = not (context.partial and error is None)
    return context.page(
        f"learning/pages/teach/course/{'template' if whole else 'outline'}.html",
        **frame(course, "content"),
        **problem,
        outline=outline,
        facts=_facts(outline),
        missing=unmet(outline),
        problem_title=_("It cannot be published yet") if isinstance(error, NotReady) else None,
        undone=next((one for one in outline.removed if f"{one.kind}:{one.id}" == undo), None),
        edited=_edited(outline, edit) if course.may("AUTHOR") else None,
        said=said,
        added=added or {},
        types=offered_types(),
        editor_path=editor_path,
        mending_path=mending_path,
        item_note=item_note,
        item_icon=item_icon,
        lacking_text=lacking_text,
        module_note=_module_note,
    )


def _edited(outline: CourseOutline, thing: str) -> dict[str, Any] | None:
    """What the panel of one module or item shows; an item may go into every other module."""
    for module in outline.modules:
        if thing == f"MODULE:{module.id}":
            return {"thing": thing, "id": module.id, "title": module.title, "modules": []}
        for item in module.items:
            if thing == f"{item.kind}:{item.id}":
                others = [other for other in outline.modules if other is not module]
                return {"thing": thing, "id": item.id, "title": item.title, "modules": others}
    return None


def _module_note(module: OutlineModule) -> str:
    notes = [ngettext("%(num)s step", "%(num)s steps", len(module.items)) % {"num": len(module.items)}]
    if module.estimated_minutes:
        notes.append(minutes_text(module.estimated_minutes))
    if module.prerequisites:
        notes.append(
            ngettext("%(num)s prerequisite", "%(num)s prerequisites", module.prerequisites)
            % {"num": module.prerequisites}
        )
    return " · ".join(notes)


def _facts(outline: CourseOutline) -> list[tuple[str, str]]:
    items = [item for module in outline.modules for item in module.items]
    drafts = sum(item.status is not PublicationStatus.PUBLISHED for item in items)
    facts = [
        ("list", ngettext("%(num)s module", "%(num)s modules", len(outline.modules)) % {"num": len(outline.modules)}),
        ("book", ngettext("%(num)s step", "%(num)s steps", len(items)) % {"num": len(items)}),
        (
            "user",
            ngettext("%(num)s learner", "%(num)s learners", outline.enrollment_count)
            % {"num": outline.enrollment_count},
        ),
    ]
    if drafts:
        facts.insert(2, ("edit", ngettext("%(num)s draft", "%(num)s drafts", drafts) % {"num": drafts}))
    return facts
