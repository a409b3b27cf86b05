"""A quiz before it is taken: what awaits the learner, and the tries so far."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.services.learning.actions.start_attempt import start_attempt
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.outline import crumbs_to_item, link_onward, link_to
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import items

router = page_router()


@router.get("/quizzes/{quiz_id}")
async def quiz(quiz_id: UUID, context: Context) -> HTMLResponse:
    """The quiz without its questions, which belong to an attempt."""
    async with guarded(context, "QUIZ", quiz_id):
        return await _page(context, quiz_id)


@router.post("/quizzes/{quiz_id}/attempts")
async def start(quiz_id: UUID, context: Context) -> Response:
    """Begin an attempt, or go on with the one that is open."""
    async with guarded(context, "QUIZ", quiz_id):
        try:
            async with context.database.write("learning") as session:
                attempt_id, _new = await start_attempt(session, context.actor, quiz_id)
        except AppError as error:
            if error.status in {401, 403, 404, 410}:
                raise
            return await _page(context, quiz_id, status=error.status, problem=error.problem())
    return context.redirect(f"/attempts/{attempt_id}")


async def _page(
    context: RequestContext, quiz_id: UUID, *, status: int = 200, problem: Mapping[str, Any] | None = None
) -> HTMLResponse:
    found = await items.quiz(context.database.pool("learning"), context.actor, quiz_id)
    return context.page(
        "learning/pages/quiz/template.html",
        status=status,
        quiz=found,
        crumbs=crumbs_to_item(found, found.title),
        description=prose_or_none(found.description),
        previous=link_to(found.previous),
        next_link=link_onward(found),
        problem=problem,
    )
