"""Marks from a table: looked at first, then applied as one set."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.enrolling.read_list import decoded
from codezest.services.learning.actions.gradebook.read_marks import read_marks
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.gradebook import MarkList, MarkListOutcome

router = page_router()
SHOWN = 500


@router.get("/teach/courses/{course_id}/gradebook/list")
async def form(course_id: UUID, context: Context) -> HTMLResponse:
    """The form."""
    return await _page(context, course_id)


@router.post("/teach/courses/{course_id}/gradebook/list")
async def look_or_apply(course_id: UUID, request: Request, context: Context) -> Response:
    """Show what the table would change; or change it, when the form of that page was sent."""
    given = await sent(request)
    values = {"text": shown_again(given.text("text")), "reason": shown_again(given.text("reason"))}
    try:
        text = await _file(given) or given.text("text")
        values["text"] = shown_again(text)
        wanted = read(
            MarkList,
            {
                "text": text,
                "reason": given.text("reason"),
                "apply": given.text("apply") == "yes",
                "plan": given.text("plan") or None,
            },
        )
        async with context.database.write("learning") as session:
            outcome = await read_marks(session, context.actor, course_id, wanted)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, values=values, error=shown_here(error))
    if not outcome.applied:
        return await _page(context, course_id, values=values, outcome=outcome)
    changed = len(outcome.changes)
    flash = ngettext("%(num)s mark was set.", "%(num)s marks were set.", changed) % {"num": changed}
    return context.redirect(f"/teach/courses/{course_id}/gradebook", flash=flash)


async def _file(given: Sent) -> str | None:
    """What was uploaded, if anything was; the form is closed, as one with a file has to be."""
    file = given.form.get("file")
    content = await file.read() if isinstance(file, UploadFile) and file.filename else None
    await given.form.close()
    return None if content is None else decoded(content)


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    values: dict[str, str] | None = None,
    outcome: MarkListOutcome | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    course = await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.GRADE)
    return context.page(
        "learning/pages/teach/gradebook_list/template.html",
        **frame(course, "gradebook"),
        **(refusal(error) if error else NO_ERRORS),
        here=f"/teach/courses/{course_id}/gradebook/list",
        values=values or {"text": "", "reason": ""},
        outcome=outcome,
        lines=[*outcome.problems, *outcome.changes][:SHOWN] if outcome else [],
        more=max(len(outcome.problems) + len(outcome.changes) - SHOWN, 0) if outcome else 0,
    )
