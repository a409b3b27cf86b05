"""What single learners are granted in a course: more time, attempts or days."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.grant_accommodation import grant_accommodation, revoke_accommodation
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    read,
    refusal,
    sent,
    shown_here,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.moments import moment_in
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.accommodations import (
    accommodations,
    items_to_grant_for,
    learners_to_grant,
)
from codezest.services.learning.schemas.accommodations import Grant

router = page_router()

PAGE = 50
NUMBERS = ("extra_time_percent", "extra_minutes", "extra_attempts", "extra_days")
FIELDS = ("user_id", "item", *NUMBERS, "due_at", "note")
WHOLE_COURSE = ""


@router.get("/teach/courses/{course_id}/accommodations")
async def page(
    course_id: UUID,
    context: Context,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """What is granted, and a form to grant more. `q` narrows the learners to choose from."""
    return await _page(context, course_id, words=q, cursor=cursor)


@router.post("/teach/courses/{course_id}/accommodations/grant")
async def grant(course_id: UUID, request: Request, context: Context) -> Response:
    """Grant it, in place of what was granted for the same."""
    form = await sent(request)
    try:
        given = _grant_in(form)
        async with context.database.write("learning") as session:
            await grant_accommodation(session, context.actor, course_id, given)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, words=form.text("q"), form=form, error=shown_here(error))
    return context.redirect(
        f"/teach/courses/{course_id}/accommodations", flash=_("It is granted, and counts from now on.")
    )


@router.post("/teach/courses/{course_id}/accommodations/revoke")
async def revoke(course_id: UUID, context: Context, accommodation_id: Annotated[UUID, Form()]) -> Response:
    """Take it back."""
    async with context.database.write("learning") as session:
        await revoke_accommodation(session, context.actor, course_id, accommodation_id)
    return context.redirect(
        f"/teach/courses/{course_id}/accommodations",
        flash=_("It is taken back. An attempt that is running keeps its time."),
    )


def _grant_in(form: Sent) -> Grant:
    """What the form grants.

    Raises:
        FormRefused: a field cannot be read.
    """
    if not form.text("user_id"):
        raise FormRefused([("user_id", _("Choose a learner."))])
    kind, _colon, item_id = form.text("item").partition(":")
    given: dict[str, Any] = {name: whole_number(name, form.text(name)) or 0 for name in NUMBERS}
    given |= {
        "user_id": form.text("user_id"),
        "due_at": moment_in("due_at", form.text("due_at")),
        "note": form.text("note").strip() or None,
    }
    if item_id:
        given["quiz_id" if kind == "QUIZ" else "assignment_id"] = item_id
    elif given["due_at"] is not None:
        raise FormRefused(
            [("due_at", _("Choose the quiz or exercise that it is for. For the whole course, give days."))]
        )
    return read(Grant, given)


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    words: str = "",
    cursor: str | None = None,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    async with context.database.reading("learning") as reader:
        course = await access_taught_course(reader, context.actor, course_id, Permission.GRADE)
        found = await accommodations(reader, context.actor, course_id, cursor=cursor, limit=PAGE)
        learners = await learners_to_grant(reader, course_id, words.strip())
        items = await items_to_grant_for(reader, course_id)
    here = f"/teach/courses/{course_id}/accommodations"
    return context.page(
        "learning/pages/teach/accommodations/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="accommodations",
        here=here,
        words=words,
        granted=found.items,
        learners=[("", _("Choose")), *learners],
        items=[(WHOLE_COURSE, _("the whole course")), *items],
        values=form.shown(FIELDS) if form else dict.fromkeys(FIELDS, ""),
        next_page=f"{here}?cursor={found.next_cursor}" if found.next_cursor else None,
    )
