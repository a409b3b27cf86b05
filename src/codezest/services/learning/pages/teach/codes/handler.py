"""Who may enrol in a course by themselves, and the codes that let others in."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.write_code import code_shown, create_code, revoke_code
from codezest.services.learning.actions.enrolling.write_rules import change_rules
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
from codezest.services.learning.pages.teach.moments import moment_in
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import enrolling
from codezest.services.learning.queries.cohorts_and_codes import Wanted, cohort_choices
from codezest.services.learning.queries.cohorts_and_codes import codes as read_codes
from codezest.services.learning.schemas.enrolling import CodeOut, EnrollmentRulesChange, NewCode
from codezest_db.enums import CourseKind, EnrollmentPolicy

router = page_router()

FIELDS = ("note", "cohort_id", "max_uses", "expires_at")
ALL = Wanted()


@router.get("/teach/courses/{course_id}/codes")
async def codes(
    course_id: UUID,
    context: Context,
    q: Annotated[str, Query(max_length=100)] = "",
    in_use: Annotated[str, Query(max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """Both, with the forms to change them."""
    return await _page(context, course_id, wanted=wanted_of(q, in_use), cursor=cursor)


@router.post("/teach/courses/{course_id}/codes")
async def make(course_id: UUID, request: Request, context: Context) -> Response:
    """Make a code."""
    form = await sent(request)
    try:
        new = read(NewCode, _given(form))
        async with context.database.write("learning") as session:
            await create_code(session, context.actor, course_id, new)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, values=form.shown(FIELDS), error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/codes", flash=_("The code is ready to be handed out."))


@router.post("/teach/courses/{course_id}/codes/revoke")
async def revoke(course_id: UUID, context: Context, code_id: Annotated[UUID, Form()]) -> Response:
    """Let nobody in with it any more."""
    async with context.database.write("learning") as session:
        await revoke_code(session, context.actor, code_id)
    return context.redirect(f"/teach/courses/{course_id}/codes", flash=_("The code lets nobody in any more."))


@router.post("/teach/courses/{course_id}/codes/rules")
async def rules(course_id: UUID, request: Request, context: Context) -> Response:
    """Say who may enrol by themselves, and what comes before."""
    form = await sent(request)
    try:
        another = [form.text("another")] if form.text("another") else []
        given = {"policy": form.text("policy") or None, "prerequisite_ids": form.many("prerequisite") + another}
        change = read(EnrollmentRulesChange, given)
        async with context.database.write("learning") as session:
            await change_rules(session, context.actor, course_id, change)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/codes", flash=_("The ways in are saved."))


def _given(form: Sent) -> dict[str, object]:
    given: dict[str, object] = {"note": form.text("note").strip() or None, "cohort_id": form.text("cohort_id") or None}
    errors: list[tuple[str | None, str]] = []
    for name, value in (
        ("max_uses", lambda: whole_number("max_uses", form.text("max_uses"))),
        ("expires_at", lambda: moment_in("expires_at", form.text("expires_at"))),
    ):
        try:
            given[name] = value()
        except FormRefused as error:
            errors += error.errors
    if errors:
        raise FormRefused(errors)
    return given


def _state(code: CodeOut) -> tuple[str, str | None]:
    """What has become of a code, and its tone."""
    if code.revoked_at is not None:
        return _("Revoked"), None
    if code.expires_at is not None and code.expires_at <= now():
        return _("Expired"), None
    if code.max_uses is not None and code.uses >= code.max_uses:
        return _("Used up"), None
    return _("Good"), "good"


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    wanted: Wanted = ALL,
    cursor: str | None = None,
    values: dict[str, str] | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    found = await read_codes(pool, context.actor, course_id, wanted, cursor=cursor, limit=PAGE)
    return context.page(
        "learning/pages/teach/codes/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="codes",
        rules=await enrolling.rules(pool, context.actor, course_id),
        policies=[
            (EnrollmentPolicy.OPEN.value, _("Everybody")),
            (EnrollmentPolicy.COHORT.value, _("Whoever chooses a cohort that takes learners in")),
            (EnrollmentPolicy.INVITED.value, _("Nobody: only with a code, or enrolled by those who teach")),
        ],
        is_path=course.kind is CourseKind.PATH,
        candidates=await enrolling.prerequisite_candidates(pool, context.actor, course_id),
        codes=[(code, code_shown(code.code), *_state(code)) for code in found.items],
        **listing(f"/teach/courses/{course_id}/codes", wanted, cursor=cursor, next_cursor=found.next_cursor),
        cohorts=[("", _("No cohort")), *await cohort_choices(pool, course_id)],
        values=dict.fromkeys(FIELDS, "") | (values or {}),
    )
