"""Feedback on an attempt at a quiz, as one who grades edits and approves it."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.edit_analysis import edit_quiz_analysis
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.analysis.editing import Refused, filled, keep
from codezest.services.learning.pages.teach.forms import (
    Sent,
    lines_of,
    read,
    sent,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries.analysis import attempt_standing
from codezest.services.learning.schemas.analysis import QuizAnalysisDetail, QuizAnalysisEdit

router = page_router()
FIELDS = ("insights", "recommendations", "time_management")


@router.get("/teach/attempts/{attempt_id}/analysis")
async def analysis(attempt_id: UUID, context: Context) -> HTMLResponse:
    """What was counted, and the form."""
    return await _page(context, attempt_id)


@router.post("/teach/attempts/{attempt_id}/analysis/save")
async def save(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Keep what was written."""
    return await _keep(context, attempt_id, await sent(request), approve=False)


@router.post("/teach/attempts/{attempt_id}/analysis/approve")
async def approve(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Keep what was written, and let the learner see it from now on."""
    return await _keep(context, attempt_id, await sent(request), approve=True)


async def _keep(context: RequestContext, attempt_id: UUID, form: Sent, *, approve: bool) -> Response:
    async def act() -> None:
        given = {
            "insights": lines_of(form.text("insights")),
            "recommendations": lines_of(form.text("recommendations")),
            "time_management": text_or_none(form.text("time_management")),
            "revision": whole_number("revision", form.text("revision")) or 0,
            "approve": approve,
        }
        edit = read(QuizAnalysisEdit, given)
        async with context.database.write("learning") as session:
            await edit_quiz_analysis(session, context.actor, attempt_id, edit)

    async def again(error: Refused) -> Response:
        return await _page(context, attempt_id, form=form, error=error)

    return await keep(context, f"/teach/attempts/{attempt_id}/analysis", act, again, approve=approve)


def _values(found: QuizAnalysisDetail | None) -> dict[str, str]:
    if found is None:
        return dict.fromkeys(FIELDS, "")
    return {
        "insights": "\n".join(found.insights),
        "recommendations": "\n".join(one.text for one in found.recommendations),
        "time_management": found.time_management or "",
    }


async def _page(
    context: RequestContext, attempt_id: UUID, *, form: Sent | None = None, error: Refused | None = None
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_course_of(pool, context.actor, "attempt", attempt_id, Permission.GRADE)
    found = (await attempt_standing(pool, context.actor, attempt_id)).analysis
    labels = {
        "insights": _("What stands out"),
        "recommendations": _("Worth reading again"),
        "time_management": _("Use of time"),
    }
    return context.page(
        "learning/pages/teach/analysis/attempt.html",
        **frame(course, "insights"),
        **filled(_values(found), labels, revision=found.revision if found else 0, form=form, error=error),
        attempt_id=attempt_id,
        found=found,
    )
