"""The reviews of a course: read by everybody, written by its learners, reported, hidden."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions import write_review as writing
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, read, refusal, sent
from codezest.services.learning.queries import courses, reviews
from codezest.services.learning.schemas.reviews import ReportToWrite, ReviewToWrite

router = page_router()

PAGE = 20


@router.get("/courses/{slug}/reviews")
async def show(
    slug: str,
    context: Context,
    rating: str = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """A page of them, with the form for who may write one."""
    return await _page(context, slug, rating=rating, cursor=cursor)


@router.post("/courses/{slug}/reviews")
async def write(slug: str, request: Request, context: Context) -> Response:
    """Write one's review, or change it."""
    form = await sent(request)
    stars = form.text("rating")
    try:
        new = read(ReviewToWrite, {"rating": _stars(stars), "text": form.text("text")})
        async with context.database.write("learning") as session:
            await writing.write_review(session, context.actor, slug, rating=new.rating, words=new.text)
    except FormRefused as error:
        context.actor.require_user()
        return await _page(context, slug, error=error, values={"rating": stars, **form.shown(["text"])})
    return context.redirect(f"/courses/{slug}/reviews", flash=_("Your review is saved. Thank you."))


@router.post("/courses/{slug}/reviews/delete")
async def delete(slug: str, context: Context) -> Response:
    """Delete one's review."""
    async with context.database.write("learning") as session:
        await writing.delete_review(session, context.actor, slug)
    return context.redirect(f"/courses/{slug}/reviews", flash=_("Your review is deleted."))


@router.post("/courses/{slug}/reviews/{review_id}/report")
async def report(slug: str, review_id: UUID, request: Request, context: Context) -> Response:
    """Ask administrators to look at one."""
    form = await sent(request)
    try:
        found = read(ReportToWrite, {"reason": form.text("reason")})
        async with context.database.write("learning") as session:
            await writing.report_review(session, context.actor, review_id, found.reason)
    except FormRefused:
        context.actor.require_user()
        return context.redirect(
            f"/courses/{slug}/reviews#review-{review_id}",
            flash=_("Nothing was reported. Say in at most 500 characters what is wrong with it."),
            kind="error",
        )
    return context.redirect(
        f"/courses/{slug}/reviews", flash=_("Thank you. An administrator will look at this review.")
    )


@router.post("/courses/{slug}/reviews/{review_id}/visibility")
async def hide(slug: str, review_id: UUID, request: Request, context: Context) -> Response:
    """Hide one, or show it again."""
    hidden = (await sent(request)).text("hidden") == "yes"
    async with context.database.write("learning") as session:
        await writing.show_review(session, context.actor, review_id, hidden=hidden)
    told = _("The review is hidden.") if hidden else _("The review is shown again.")
    return context.redirect(f"/courses/{slug}/reviews", flash=told)


def _stars(text: str) -> int:
    if text not in {"1", "2", "3", "4", "5"}:
        raise FormRefused([("rating", _("Choose one to five stars."))])
    return int(text)


async def _page(
    context: RequestContext,
    slug: str,
    *,
    rating: str = "",
    cursor: str | None = None,
    values: dict[str, str] | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    try:
        stars = _stars(rating) if rating else None
    except FormRefused:
        stars = None
    found = await reviews.reviews(pool, context.actor, slug, rating=stars, cursor=cursor, limit=PAGE)
    course = await courses.course(pool, context.actor, slug)
    own = found.own
    kept = {"rating": rating} if stars else {}
    here = f"/courses/{course.slug}/reviews"
    return context.page(
        "learning/pages/reviews/template.html",
        **(refusal(error) if error else NO_ERRORS),
        course=course,
        here=here,
        writable=found.may_review and context.resources.features.known.reviews,
        found=found,
        stars_chosen=stars,
        values=values or {"rating": str(own.rating) if own else "", "text": (own.text or "") if own else ""},
        first=cursor is None,
        next_page=f"{here}?{urlencode(kept | {'cursor': found.next_cursor})}" if found.next_cursor else None,
    )
