"""Two attempts at an assignment beside each other: for their learner, and in the studio for those who grade."""

from typing import Any
from uuid import UUID

from fastapi.responses import RedirectResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.hand_in_changes import Compared, compared
from codezest.services.learning.schemas.hand_in_changes import ComparedAttempt

router = page_router()
FOLDER = "learning/pages/hand_in_changes"


@router.get("/submissions/{submission_id}/compare")
async def compare(submission_id: UUID, context: Context, old: str = "") -> Response:
    """For the learner; those who teach are led to the page of the studio."""
    found = await _found(context, submission_id, old)
    here = f"/submissions/{submission_id}"
    if found.course is not None:
        return RedirectResponse(f"/teach{here}/compare?old={old}", 303)
    crumbs = [(found.title, f"/assignments/{found.assignment_id}"), (_number(found.new), here), (_("Compare"), None)]
    return context.page(f"{FOLDER}/learner.html", **_shown(found, here), crumbs=crumbs)


@router.get("/teach/submissions/{submission_id}/compare")
async def compare_as_grader(submission_id: UUID, context: Context, old: str = "") -> Response:
    """For those who teach; its learner is led to the page of their own."""
    found = await _found(context, submission_id, old)
    if found.course is None:
        return RedirectResponse(f"/submissions/{submission_id}/compare?old={old}", 303)
    return context.page(
        f"{FOLDER}/studio.html",
        **frame(found.course, "grading"),
        **_shown(found, f"/teach/submissions/{submission_id}"),
    )


async def _found(context: RequestContext, submission_id: UUID, old: str) -> Compared:
    try:
        old_id = UUID(old) if old else None
    except ValueError:
        old_id = None
    return await compared(context.database.pool("learning"), context.actor, submission_id, old_id)


def _number(attempt: ComparedAttempt) -> str:
    return _("Attempt %(number)s") % {"number": attempt.attempt_number}


def _shown(found: Compared, here: str) -> dict[str, Any]:
    return {
        "found": found,
        "here": here,
        "choices": [(str(one.id), _number(one)) for one in found.choices if one.id != found.new.id],
    }
