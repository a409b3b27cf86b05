"""Enrol a list of addresses: looked at first, then applied as one set."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.enrolling.enrol_list import enrol_list
from codezest.services.learning.actions.enrolling.invitations import withdraw_invitation
from codezest.services.learning.actions.enrolling.read_list import MOST_LINES, decoded
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import enrolling
from codezest.services.learning.queries.cohorts_and_codes import cohort_choices
from codezest.services.learning.schemas.enrolling import LearnerList, LineOutcome, ListOutcome
from codezest_db.enums import PublicationStatus

router = page_router()

PAGE = 50
SHOWN_LINES = 500
"""Of a list that is looked at; those that need attention come first."""


@router.get("/teach/courses/{course_id}/enrol")
async def enrol(
    course_id: UUID, context: Context, cursor: Annotated[str | None, Query(max_length=300)] = None
) -> HTMLResponse:
    """The form, and the addresses that have been invited and have not come yet."""
    return await _page(context, course_id, cursor=cursor)


@router.post("/teach/courses/{course_id}/enrol")
async def look_or_apply(course_id: UUID, request: Request, context: Context) -> Response:
    """Show what the list would do; or do it, when the form of that page was sent."""
    form = await sent(request)
    apply = form.text("apply") == "yes"
    text = form.text("text")
    values = {
        "cohort_id": form.text("cohort_id"),
        "waive_prerequisites": form.text("waive_prerequisites"),
        "text": shown_again(text),
    }
    try:
        if (content := await _file(form)) is not None:
            text = decoded(content)
            values["text"] = shown_again(text)
        wanted = read(
            LearnerList,
            {
                "text": text,
                "cohort_id": values["cohort_id"] or None,
                "waive_prerequisites": bool(values["waive_prerequisites"]),
                "apply": apply,
            },
        )
        async with context.database.write("learning") as session:
            outcome = await enrol_list(session, context.actor, course_id, wanted)
    except (FormRefused, AppError) as error:
        if isinstance(error, AppError) and error.status in {401, 404}:
            raise
        return await _page(context, course_id, values=values, error=error)
    if not apply:
        return await _page(context, course_id, values=values, outcome=outcome)
    return context.redirect(f"/teach/courses/{course_id}/learners", flash=_told(outcome))


@router.post("/teach/courses/{course_id}/enrol/withdraw")
async def withdraw(course_id: UUID, context: Context, invitation_id: Annotated[UUID, Form()]) -> Response:
    """Forget an address that has not come."""
    async with context.database.write("learning") as session:
        await withdraw_invitation(session, context.actor, invitation_id)
    return context.redirect(f"/teach/courses/{course_id}/enrol", flash=_("The invitation is withdrawn."))


async def _file(form: Sent) -> bytes | None:
    """What was uploaded, if anything was; the form is closed, as one with a file has to be."""
    file = form.form.get("file")
    content = await file.read() if isinstance(file, UploadFile) and file.filename else None
    await form.form.close()
    return content


def _told(outcome: ListOutcome) -> str:
    """What has happened, in one line."""
    enrolled = sum(outcome.counts.get(kind, 0) for kind in ("enrol", "return", "move"))
    invited = outcome.counts.get("invite", 0)
    return " ".join(
        (
            ngettext("%(num)s learner is enrolled.", "%(num)s learners are enrolled.", enrolled) % {"num": enrolled},
            ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", invited) % {"num": invited}
            if invited
            else "",
        )
    ).strip()


def _outcome_text(outcome: LineOutcome) -> str:
    return {
        "enrol": _("Will be enrolled"),
        "invite": _("Has no account here: gets a letter, and the place once they register"),
        "return": _("Left or waited before: gets in"),
        "move": _("Is in already: changes cohort"),
        "nothing": _("Is in already: nothing changes"),
        "missing": _("Stays out"),
        "wrong": _("Cannot be used"),
    }[outcome]


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    cursor: str | None = None,
    values: dict[str, str] | None = None,
    outcome: ListOutcome | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    invited = await enrolling.invitations(pool, context.actor, course_id, cursor=cursor, limit=PAGE)
    lines = sorted(outcome.lines, key=lambda line: line.outcome not in {"wrong", "missing"}) if outcome else []
    useful = sum(line.outcome not in {"wrong", "missing", "nothing"} for line in lines)
    return context.page(
        "learning/pages/teach/enrol/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="enrol",
        published=course.status is PublicationStatus.PUBLISHED,
        values={"text": "", "cohort_id": "", "waive_prerequisites": ""} | (values or {}),
        most=MOST_LINES,
        cohorts=[("", _("No cohort")), *await cohort_choices(pool, course_id)],
        outcome=outcome,
        lines=lines[:SHOWN_LINES],
        more=max(len(lines) - SHOWN_LINES, 0),
        useful=useful,
        outcome_text=_outcome_text,
        invited=invited,
        next_page=f"?cursor={invited.next_cursor}" if invited.next_cursor else None,
    )
