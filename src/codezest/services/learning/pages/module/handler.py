"""One module: what it holds, in order, and what comes next."""

from uuid import UUID

from fastapi.responses import HTMLResponse, RedirectResponse

from codezest.kit.context import Context
from codezest.services.learning.pages.outline import (
    course_page,
    crumbs_to_module,
    entries,
    is_learning,
    item_path,
    minutes_text,
    next_item,
    steps_text,
)
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import catalog
from codezest_db.enums import CourseKind

router = page_router()


@router.get("/modules/{module_id}")
async def module(module_id: UUID, context: Context) -> HTMLResponse:
    """The outline; everybody may see it, learners go on from it."""
    found = await catalog.module(context.database.pool("learning"), context.actor, module_id)
    learning = is_learning(found.enrollment) or found.can_author
    may_enter = learning and not found.locked
    waiting = next_item(found.items) if may_enter else None
    facts = [("list", steps_text(found.total_items))]
    if found.estimated_minutes:
        facts.insert(0, ("clock", minutes_text(found.estimated_minutes)))
    language_slug = found.language.slug if found.language else None
    return context.page(
        "learning/pages/module/template.html",
        module=found,
        crumbs=[*crumbs_to_module(found), (found.title, None)],
        entries=entries(found, open_to_reader=may_enter),
        facts=facts,
        learning=learning,
        course_href=course_page(found.course.kind, found.course.slug, language_slug),
        one_click=found.course.kind is CourseKind.PATH and context.resources.features.known.self_enrollment,
        going_on=waiting,
        going_on_path=item_path(waiting.kind, waiting.id) if waiting else None,
    )


@router.get("/modules/{module_id}/continue")
async def go_on(module_id: UUID, context: Context) -> RedirectResponse:
    """Straight to the first step that is not done; to the outline when there is none, or when it is closed."""
    context.actor.require_user()
    found = await catalog.module(context.database.pool("learning"), context.actor, module_id)
    waiting = next_item(found.items) if is_learning(found.enrollment) and not found.locked else None
    return context.redirect(item_path(waiting.kind, waiting.id) if waiting else f"/modules/{module_id}")
