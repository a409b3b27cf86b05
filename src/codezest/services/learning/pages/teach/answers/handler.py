"""Answers of a quiz that no key decides: one attempt, its waiting answers first."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.mark_answer import mark_answer
from codezest.services.learning.pages.program_runs import shown_run
from codezest.services.learning.pages.prose import short_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    read,
    refusal,
    sent,
    shown_here,
    text_or_none,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries import attempts
from codezest.services.learning.schemas.attempts import MarkToGive

router = page_router()


@dataclass(frozen=True, slots=True)
class Again:
    """A mark that was not taken."""

    question_id: UUID
    form: Sent
    error: FormRefused | AppError


@router.get("/teach/attempts/{attempt_id}")
async def answers(attempt_id: UUID, context: Context) -> HTMLResponse:
    """What was answered, and a form for each answer that a person marks."""
    return await _page(context, attempt_id)


@router.post("/teach/attempts/{attempt_id}/answers/{question_id}")
async def mark(attempt_id: UUID, question_id: UUID, context: Context, request: Request) -> Response:
    """Give an answer its points."""
    form = await sent(request)
    try:
        points = form.text("points").strip().replace(",", ".")
        given = read(MarkToGive, {"points": points, "comment": text_or_none(form.text("comment"))})
        async with context.database.write("learning") as session:
            await mark_answer(
                session,
                context.actor,
                attempt_id,
                question_id,
                points=Decimal(str(given.points)),
                comment=given.comment,
            )
    except (FormRefused, AppError) as error:
        return await _page(context, attempt_id, Again(question_id, form, shown_here(error)))
    return context.redirect(f"/teach/attempts/{attempt_id}", flash=_("The answer is marked."))


async def _page(context: RequestContext, attempt_id: UUID, again: Again | None = None) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_course_of(pool, context.actor, "attempt", attempt_id, Permission.VIEW)
    found = await attempts.attempt(pool, context.actor, attempt_id)
    asked = [one for one in found.questions if one.review is not None]
    asked.sort(key=lambda one: one.review is not None and one.review.is_correct is not None)
    by_hand = [one for one in asked if one.review is not None and (one.review.is_correct is None or one.review.comment)]
    return context.page(
        "learning/pages/teach/answers/template.html",
        **frame(course, "grading"),
        **(refusal(again.error) if again else NO_ERRORS),
        attempt=found,
        answers=[(one, short_prose(one.text)) for one in by_hand],
        runs={one.id: shown_run(one.review.run) for one in by_hand if one.review is not None and one.review.run},
        others=len(asked) - len(by_hand),
        may_grade=Permission.GRADE in course.permissions,
        again=again.question_id if again else None,
        typed=again.form.shown(("points", "comment")) if again else {},
        queue=f"/teach/courses/{course.id}/grading?status=answers",
    )
