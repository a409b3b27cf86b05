"""Who teaches in a course."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.teaching.staff import remove_staff, set_staff, transfer_course
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, read, refusal
from codezest.services.learning.pages.teach.frame import frame, role_text
from codezest.services.learning.queries.taught import staff_of_course
from codezest.services.learning.schemas.teaching import OwnerChange, StaffChange
from codezest_db.enums import StaffRole

router = page_router()


@router.get("/teach/courses/{course_id}/staff")
async def staff(course_id: UUID, context: Context) -> HTMLResponse:
    """The list, and for the owner the forms to change it."""
    return await _page(context, course_id)


@router.post("/teach/courses/{course_id}/staff/set")
async def set_member(
    course_id: UUID, context: Context, who: Annotated[str, Form()] = "", role: Annotated[str, Form()] = ""
) -> Response:
    """Give somebody a role, or another one."""
    try:
        change = read(StaffChange, {"who": who, "role": role})
        async with context.database.write("learning") as session:
            await set_staff(session, context.actor, course_id, change.who, change.role)
    except (FormRefused, ValidationFailed) as error:
        return await _page(context, course_id, error=error, who=who, role=role)
    return context.redirect(f"/teach/courses/{course_id}/staff", flash=_("The staff is changed."))


@router.post("/teach/courses/{course_id}/staff/remove")
async def remove_member(course_id: UUID, context: Context, user_id: Annotated[UUID, Form()]) -> Response:
    """Take a role away; who takes their own leaves."""
    async with context.database.write("learning") as session:
        await remove_staff(session, context.actor, course_id, user_id)
    if user_id == context.actor.user_id and not context.actor.is_admin:
        return context.redirect("/teach", flash=_("You have left the course."))
    return context.redirect(f"/teach/courses/{course_id}/staff", flash=_("The staff is changed."))


@router.post("/teach/courses/{course_id}/staff/transfer")
async def transfer(course_id: UUID, context: Context, new_owner: Annotated[str, Form()] = "") -> Response:
    """Hand the course on."""
    try:
        change = read(OwnerChange, {"who": new_owner})
        async with context.database.write("learning") as session:
            await transfer_course(session, context.actor, course_id, change.who)
    except (FormRefused, ValidationFailed) as error:
        return await _page(context, course_id, error=error, new_owner=new_owner)
    return context.redirect(
        f"/teach/courses/{course_id}/staff", flash=_("The course has a new owner. You are a co-instructor now.")
    )


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    error: FormRefused | AppError | None = None,
    who: str = "",
    role: str = "",
    new_owner: str = "",
) -> HTMLResponse:
    course, members = await staff_of_course(context.database.pool("learning"), context.actor, course_id)
    problem = dict(refusal(error)) if error else dict(NO_ERRORS)
    if new_owner:
        problem["errors"] = [("new_owner" if name == "who" else name, text) for name, text in problem["errors"]]
        problem["messages"] = {"new_owner": problem["messages"].get("who", "")}
    return context.page(
        "learning/pages/teach/staff/template.html",
        **frame(course, "staff"),
        **problem,
        members=members,
        own=next((one for one in members if one.user.id == context.actor.user_id and one.role != "OWNER"), None),
        values={"who": shown_again(who), "role": role or StaffRole.GRADER.value, "new_owner": shown_again(new_owner)},
        roles=[(one.value, role_text(one)) for one in StaffRole],
        role_text=role_text,
        allowed=[
            (role_text(StaffRole.CO_INSTRUCTOR), _("writes, publishes, enrols and grades")),
            (
                role_text(StaffRole.GRADER),
                _("sees what learners hand in, with solutions and hidden tests, and grades it"),
            ),
            (
                role_text(StaffRole.OBSERVER),
                _("sees everything, solutions, hidden tests and learners' work included, and changes nothing"),
            ),
        ],
    )
