"""Cohorts of a course: made, changed, put out of use."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.write_cohort import change_cohort, create_cohort
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
from codezest.services.learning.pages.teach.listing import PAGE, listing, wanted_of
from codezest.services.learning.pages.teach.moments import field_text, moment_in
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.cohorts_and_codes import Wanted, cohort_of
from codezest.services.learning.queries.cohorts_and_codes import cohorts as read_cohorts
from codezest.services.learning.schemas.enrolling import CohortChange, CohortOut, NewCohort

router = page_router()

TIMES = ("starts_at", "ends_at", "enrol_from", "enrol_until")
FIELDS = ("name", *TIMES, "capacity")
ALL = Wanted()


@router.get("/teach/courses/{course_id}/cohorts")
async def cohorts(  # noqa: PLR0917 - each is a parameter of the address
    course_id: UUID,
    context: Context,
    edit: str = "",
    q: Annotated[str, Query(max_length=100)] = "",
    in_use: Annotated[str, Query(max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """A page of the list, and a form: for a new one, or for the one named by `edit`."""
    return await _page(context, course_id, edit=edit, wanted=wanted_of(q, in_use), cursor=cursor)


@router.post("/teach/courses/{course_id}/cohorts")
async def write(course_id: UUID, request: Request, context: Context) -> Response:
    """Make one, or change the one that the form names."""
    form = await sent(request)
    edit = form.text("cohort_id")
    try:
        given = _given(form)
        async with context.database.write("learning") as session:
            if edit:
                await change_cohort(session, context.actor, _id_of(edit), read(CohortChange, given))
            else:
                await create_cohort(session, context.actor, course_id, read(NewCohort, given))
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, edit=edit, values=form.shown(FIELDS), error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/cohorts", flash=_("The cohort is saved."))


@router.post("/teach/courses/{course_id}/cohorts/archive")
async def archive(
    course_id: UUID, context: Context, cohort_id: Annotated[UUID, Form()], archived: Annotated[str, Form()] = ""
) -> Response:
    """Put one out of use, or back into it."""
    async with context.database.write("learning") as session:
        await change_cohort(session, context.actor, cohort_id, CohortChange(archived=archived == "yes"))
    return context.redirect(f"/teach/courses/{course_id}/cohorts", flash=_("The cohort is saved."))


def _given(form: Sent) -> dict[str, Any]:
    """The fields as the API takes them; every time that cannot be read is named, and not the first alone."""
    given: dict[str, Any] = {"name": form.text("name")}
    errors: list[tuple[str | None, str]] = []
    for name in TIMES:
        try:
            given[name] = moment_in(name, form.text(name))
        except FormRefused as error:
            errors += error.errors
    try:
        given["capacity"] = whole_number("capacity", form.text("capacity"))
    except FormRefused as error:
        errors += error.errors
    if not given.get("starts_at") and not any(name == "starts_at" for name, _message in errors):
        errors.append(("starts_at", _("Please fill this in.")))
    if errors:
        raise FormRefused(errors)
    return given


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _values(cohort: CohortOut | None) -> dict[str, str]:
    if cohort is None:
        return dict.fromkeys(FIELDS, "")
    times = {name: field_text(getattr(cohort, name)) for name in TIMES}
    return {"name": cohort.name, "capacity": str(cohort.capacity or ""), **times}


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    edit: str = "",
    wanted: Wanted = ALL,
    cursor: str | None = None,
    values: dict[str, str] | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    found = await read_cohorts(pool, context.actor, course_id, wanted, cursor=cursor, limit=PAGE)
    edited = await cohort_of(pool, course_id, _id_of(edit)) if edit else None
    return context.page(
        "learning/pages/teach/cohorts/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="cohorts",
        **listing(f"/teach/courses/{course_id}/cohorts", wanted, cursor=cursor, next_cursor=found.next_cursor),
        cohorts=found.items,
        edited=edited,
        values=values or _values(edited),
    )
