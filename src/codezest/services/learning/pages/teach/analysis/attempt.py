"""Feedback on an attempt at a quiz, as one who grades edits and approves it."""

from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse

from codezest.kit.context import RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.edit_analysis import edit_quiz_analysis
from codezest.services.learning.pages.teach.analysis.editing import editing_routes, filled
from codezest.services.learning.pages.teach.forms import Refused, Sent, lines_of, text_or_none
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries.analysis import attempt_standing
from codezest.services.learning.schemas.analysis import QuizAnalysisDetail, QuizAnalysisEdit

FIELDS = ("insights", "recommendations", "time_management")


def _given(form: Sent) -> dict[str, Any]:
    return {
        "insights": lines_of(form.text("insights")),
        "recommendations": lines_of(form.text("recommendations")),
        "time_management": text_or_none(form.text("time_management")),
    }


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


router = editing_routes("attempt", _page, QuizAnalysisEdit, given=_given, store=edit_quiz_analysis)
