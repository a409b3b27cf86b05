"""What a course says of itself."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.teaching.change_course import change_course
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.conflict import differing, going_on_from
from codezest.services.learning.pages.teach.course_form import choices, given_in, values_of
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    keeping,
    label_of,
    read,
    refusal,
    sent,
    shown_here,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.uploads.fields import course_picture_field
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.queries.teaching import settings_of_course
from codezest.services.learning.schemas.teaching import CourseChange

router = page_router()


@router.get("/teach/courses/{course_id}/settings")
async def settings(course_id: UUID, context: Context) -> HTMLResponse:
    """The form, filled in."""
    return await _page(context, course_id)


@router.post("/teach/courses/{course_id}/settings/save")
async def save(course_id: UUID, request: Request, context: Context) -> Response:
    """Store what was entered, unless somebody else has stored something since the form was made."""
    form = await sent(request)
    if form.text("do"):
        return await _page(context, course_id, form=form)
    try:
        change = read(CourseChange, given_in(form) | {"revision": form.text("revision")})
        async with context.database.write("learning") as session:
            await change_course(session, context.actor, course_id, change)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, form=form, error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/settings", flash=_("Saved."))


async def _page(
    context: RequestContext, course_id: UUID, *, form: Sent | None = None, error: FormRefused | AppError | None = None
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course, stored = await settings_of_course(pool, context.actor, course_id, Permission.AUTHOR)
    kept = values_of(stored)
    values = form.over(kept) if form else kept
    return context.page(
        "learning/pages/teach/settings/template.html",
        **frame(course, "settings"),
        **(refusal(error) if error else NO_ERRORS),
        **keeping(context, "course", course_id, typed=form is not None),
        values=values,
        revision=going_on_from(stored.revision, form, error),
        differing=differing(kept, values, error, label=label_of),
        picture_field=course_picture_field(context, course.id, stored.image_key),
        kind=course.kind.value,
        may_price=course.may("OWN") and course.kind.value != "PATH",
        **await choices(pool, spoken=stored.spoken_language),
    )
