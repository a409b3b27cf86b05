"""To begin a course."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.teaching.create_course import create_course
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.course_form import FIELDS, choices, given_in
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, read, refusal, sent
from codezest.services.learning.schemas.teaching import NewCourse
from codezest_db.enums import CourseKind, Difficulty

router = page_router()

TEMPLATE = "learning/pages/teach/new_course/template.html"
FRESH = dict.fromkeys(FIELDS, "") | {
    "level": Difficulty.BEGINNER.value,
    "spoken_language": "en",
    "price_minor": "0",
    "currency": "USD",
}
ASKED: dict[str, Any] = {"kind": CourseKind.COURSE.value, "may_price": True}


@router.get("/teach/courses/new")
async def new_course(context: Context) -> HTMLResponse:
    """The form; only the title is needed."""
    context.actor.require_author()
    values = FRESH | {"spoken_language": context.actor.locale.partition("_")[0].partition("-")[0] or "en"}
    offered = await choices(context.database.pool("learning"), spoken=values["spoken_language"])
    return context.page(TEMPLATE, values=values, **offered, **NO_ERRORS, **ASKED)


@router.post("/teach/courses/new/create")
async def create(request: Request, context: Context) -> Response:
    """Begin it, and go on to its content."""
    context.actor.require_author()
    form = await sent(request)
    try:
        given = given_in(form)
        if not given.get("slug"):
            given.pop("slug", None)
        new = read(NewCourse, given)
        async with context.database.write("learning") as session:
            course_id = await create_course(session, context.actor, new)
    except (FormRefused, AppError) as error:
        values = FRESH | form.shown(FIELDS)
        offered = await choices(context.database.pool("learning"), spoken=values["spoken_language"])
        return context.page(TEMPLATE, values=values, **offered, **refusal(error), **ASKED)
    return context.redirect(
        f"/teach/courses/{course_id}", flash=_("Your course is begun. Nobody sees it before you publish it.")
    )
