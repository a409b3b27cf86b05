"""An attempt at a quiz while it lasts: every question in one form."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.submit_attempt import submit_attempt
from codezest.services.learning.errors import AttemptAlreadySubmitted, AttemptExpired
from codezest.services.learning.pages.forms import answers_in, chosen_options
from codezest.services.learning.pages.outline import seconds_left
from codezest.services.learning.pages.prose import short_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import work
from codezest.services.learning.schemas.work import AttemptDetail, AttemptQuestion
from codezest_db.enums import AttemptStatus

router = page_router()

Chosen = Mapping[UUID, list[UUID]]


@router.get("/attempts/{attempt_id}")
async def attempt(attempt_id: UUID, context: Context) -> Response:
    """The questions; once they are answered, the way to the result."""
    found = await work.attempt(context.database.pool("learning"), context.actor, attempt_id)
    if found.status is AttemptStatus.GRADED:
        return context.redirect(f"/attempts/{attempt_id}/result")
    if _is_over(found):
        return _out_of_time(context, found)
    return _form(context, found, {})


@router.post("/attempts/{attempt_id}/submit")
async def submit(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Hand the answers in. Those that do not fit come back as they were chosen."""
    context.actor.require_user()
    chosen: dict[UUID, list[UUID]] = {}
    pool = context.database.pool("learning")
    try:
        chosen = chosen_options(await request.form())
        async with context.database.write("learning") as session:
            await submit_attempt(session, context.actor, attempt_id, answers_in(chosen))
    except AttemptAlreadySubmitted:
        return context.redirect(
            f"/attempts/{attempt_id}/result",
            flash=_("These answers were handed in before; the first ones count."),
            kind="info",
        )
    except AttemptExpired:
        return _out_of_time(context, await work.attempt(pool, context.actor, attempt_id))
    except ValidationFailed as error:
        found = await work.attempt(pool, context.actor, attempt_id)
        return _form(context, found, chosen, status=error.status, problem=error.problem())
    return context.redirect(f"/attempts/{attempt_id}/result")


def _is_over(found: AttemptDetail) -> bool:
    return found.status is not AttemptStatus.IN_PROGRESS or found.seconds_left == 0


def _out_of_time(context: RequestContext, found: AttemptDetail) -> Response:
    return context.redirect(
        f"/quizzes/{found.quiz_id}",
        flash=_("The time for that attempt is over, so its answers were not counted."),
        kind="warning",
    )


def _form(
    context: RequestContext,
    found: AttemptDetail,
    chosen: Chosen,
    *,
    status: int = 200,
    problem: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    moment = now()
    return context.page(
        "learning/pages/attempt/template.html",
        status=status,
        attempt=found,
        questions=[_question(question, chosen) for question in found.questions],
        draft=f"{context.actor.user_id}:{found.id}",
        now=moment,
        time_left=seconds_left(found.deadline_at, moment) if found.deadline_at else "",
        problem=problem,
    )


def _question(question: AttemptQuestion, chosen: Chosen) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type,
        "prompt": short_prose(question.text),
        "points": question.points,
        "options": [{"id": option.id, "text": short_prose(option.text)} for option in question.options],
        "chosen": chosen.get(question.id, []),
    }
