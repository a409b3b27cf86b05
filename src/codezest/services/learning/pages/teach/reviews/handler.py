"""What learners say of a course, to be answered."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.write_review import reply_to_review
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import FormRefused, read, sent
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.sections import sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import reviews
from codezest.services.learning.schemas.reviews import ReplyToWrite

router = page_router()

PAGE = 20


@router.get("/teach/courses/{course_id}/reviews")
async def show(
    course_id: UUID, context: Context, cursor: Annotated[str | None, Query(max_length=300)] = None
) -> HTMLResponse:
    """The newest first, hidden ones too."""
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    found = await reviews.reviews(pool, context.actor, course_id, rating=None, cursor=cursor, limit=PAGE)
    return context.page(
        "learning/pages/teach/reviews/template.html",
        **frame(course, "learners"),
        sections=sections(course),
        section="reviews",
        found=found,
        first=cursor is None,
        next_page=f"?cursor={found.next_cursor}" if found.next_cursor else None,
    )


@router.post("/teach/courses/{course_id}/reviews/{review_id}")
async def reply(course_id: UUID, review_id: UUID, request: Request, context: Context) -> Response:
    """Answer one; an empty answer takes it back."""
    here = f"/teach/courses/{course_id}/reviews"
    form = await sent(request)
    try:
        answer = read(ReplyToWrite, {"reply": form.text("reply")})
    except FormRefused:
        context.actor.require_user()
        return context.redirect(here, flash=_("An answer has at most 4,000 characters."), kind="error")
    async with context.database.write("learning") as session:
        await reply_to_review(session, context.actor, review_id, answer.reply)
    return context.redirect(f"{here}#review-{review_id}", flash=_("Your answer is saved."))
