"""What waits for somebody who teaches to look at it, and when learners get feedback at all."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.edit_analysis import set_analysis_policy
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.analysis.handler import fallback_text
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.analyses_to_review import analyses_to_review
from codezest_db.enums import AnalysisPolicy

router = page_router()

PAGE = 50
FOLDERS = {"SUBMISSION": "submissions", "ATTEMPT": "attempts"}


@router.get("/teach/courses/{course_id}/insights/analyses")
async def analyses(course_id: UUID, context: Context, cursor: str | None = None) -> HTMLResponse:
    """The list, the oldest first."""
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    found = await analyses_to_review(pool, context.actor, course_id, cursor=cursor, limit=PAGE)
    rows = [
        {
            "href": f"/teach/{FOLDERS[one.kind]}/{one.target_id}/analysis",
            "title": one.title,
            "name": one.user_name or _("Deleted account"),
            "created_at": one.created_at,
            "reason": fallback_text(one.fallback) if one.fallback else None,
        }
        for one in found.items
    ]
    return context.page(
        "learning/pages/teach/analyses/template.html",
        **frame(course, "insights"),
        rows=rows,
        policy=found.policy.value,
        policies=[
            (AnalysisPolicy.AUTOMATIC.value, _("As soon as the result is there")),
            (AnalysisPolicy.APPROVAL.value, _("Once somebody who teaches has approved it")),
            (AnalysisPolicy.OFF.value, _("Only where somebody who teaches writes or approves it")),
        ],
        may_decide=course.may("AUTHOR"),
        may_open=course.may("GRADE"),
        next_cursor=found.next_cursor,
    )


@router.post("/teach/courses/{course_id}/insights/analyses/policy")
async def decide(course_id: UUID, context: Context, policy: Annotated[str, Form()] = "") -> Response:
    """Decide when the learners get feedback."""
    if policy not in AnalysisPolicy.__members__:
        raise ValidationFailed.of("policy", _("Choose one of the three."))
    async with context.database.write("learning") as session:
        await set_analysis_policy(session, context.actor, course_id, AnalysisPolicy(policy))
    return context.redirect(f"/teach/courses/{course_id}/insights/analyses", flash=_("Saved."))
