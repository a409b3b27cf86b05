"""A code that lets its holder into a course: typed, or within an address that was handed out."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.write_code import code_in, code_shown, redeem_code
from codezest.services.learning.errors import CodeUnknown, CodeUnusable, CohortClosed, CoursesMissing, EnrolmentHeld
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, refusal
from codezest.services.learning.queries.enrolling import code_leads_to, course_page
from codezest_db.enums import EnrollmentStatus

router = page_router()

LONGEST = 40
REFUSALS = (CodeUnknown, CodeUnusable, CohortClosed, CoursesMissing, EnrolmentHeld)


@router.get("/join")
async def ask(context: Context) -> HTMLResponse:
    """The form for a code."""
    context.actor.require_user()
    return await _page(context, "")


@router.get("/join/{code}")
async def look(code: str, context: Context) -> HTMLResponse:
    """What the code opens, and the button that does. Few tries are allowed in a minute, here too."""
    context.resources.limiter.hit_costly(f"code:{context.actor.require_user()}")
    return await _page(context, code[:LONGEST])


@router.post("/join")
async def redeem(context: Context, code: Annotated[str, Form()] = "") -> Response:
    """Enrol by it."""
    context.resources.limiter.hit_costly(f"code:{context.actor.require_user()}")
    try:
        async with context.database.write("learning") as session:
            enrollment = await redeem_code(session, context.actor, code[:LONGEST])
    except REFUSALS as error:
        return await _page(context, code[:LONGEST], error=error)
    pool = context.database.pool("learning")
    waits = enrollment.status is EnrollmentStatus.PENDING
    told = _("Your place is asked for. You get in once it is confirmed.") if waits else _("You are in. Welcome.")
    return context.redirect(await course_page(pool, enrollment.course_id), flash=told)


async def _page(context: RequestContext, code: str, *, error: AppError | None = None) -> HTMLResponse:
    found = await code_leads_to(context.database.pool("learning"), context.actor, code_in(code)) if code else None
    shown = code_shown(code_in(code)) if found else shown_again(code)
    if error is None and code and found is None:
        error = CodeUnknown()
    elif error is None and found is not None and not found["usable"]:
        error = CodeUnusable(_("It was used up, has expired or was withdrawn. Ask whoever gave it to you for another."))
    problem = refusal(error) if error else dict(NO_ERRORS)
    if isinstance(error, CodeUnknown | CodeUnusable):
        problem |= {"errors": [("code", error.detail)], "messages": {"code": error.detail}}
    missing = error.members["courses"] if isinstance(error, CoursesMissing) else []
    return context.page(
        "learning/pages/join/template.html",
        **problem,
        code=shown,
        found=found if found and found["usable"] else None,
        missing=missing,
        longest=LONGEST,
    )
