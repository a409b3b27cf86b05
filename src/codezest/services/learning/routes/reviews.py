"""Reviews of courses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions import write_review as writing
from codezest.services.learning.queries import reviews
from codezest.services.learning.schemas.reviews import (
    ReplyToWrite,
    ReportedReviews,
    ReportToWrite,
    ReviewPage,
    ReviewToWrite,
    ReviewVisibility,
)

router = APIRouter()
Stars = Annotated[int | None, Query(ge=1, le=5, description="Only reviews of as many stars.")]

Hidden = Annotated[bool, Query(description="Those that are hidden instead, whatever was reported of them.")]


@router.get("/courses/{slug}/reviews")
async def list_reviews(
    context: Context, slug: str, rating: Stars = None, cursor: Cursor = None, limit: PageSize = 20
) -> ReviewPage:
    """The newest first, with the caller's own."""
    pool = context.database.pool("learning")
    return await reviews.reviews(pool, context.actor, slug, rating=rating, cursor=cursor, limit=limit)


@router.put("/courses/{slug}/review", status_code=204)
async def write_review(context: Context, slug: str, review: ReviewToWrite) -> None:
    """Write one's review, or change it. For learners who have completed at least one step."""
    async with context.database.write("learning") as session:
        await writing.write_review(session, context.actor, slug, rating=review.rating, words=review.text)


@router.delete("/courses/{slug}/review", status_code=204)
async def delete_review(context: Context, slug: str) -> None:
    """Delete one's review."""
    async with context.database.write("learning") as session:
        await writing.delete_review(session, context.actor, slug)


@router.get("/reviews/reported")
async def list_reported(
    context: Context, *, hidden: Hidden = False, cursor: Cursor = None, limit: PageSize = 20
) -> ReportedReviews:
    """Reviews that were reported and not looked at since, for administrators."""
    pool = context.database.pool("learning")
    return await reviews.reported_reviews(pool, context.actor, hidden=hidden, cursor=cursor, limit=limit)


@router.post("/reviews/{review_id}/report", status_code=204)
async def report(context: Context, review_id: UUID, report: ReportToWrite) -> None:
    """Ask administrators to look at a review."""
    async with context.database.write("learning") as session:
        await writing.report_review(session, context.actor, review_id, report.reason)


@router.put("/reviews/{review_id}/reply", status_code=204)
async def reply(context: Context, review_id: UUID, answer: ReplyToWrite) -> None:
    """Answer a review as one of those who teach the course; without a text, take the answer back."""
    async with context.database.write("learning") as session:
        await writing.reply_to_review(session, context.actor, review_id, answer.reply)


@router.put("/reviews/{review_id}/visibility", status_code=204)
async def show(context: Context, review_id: UUID, wanted: ReviewVisibility) -> None:
    """Hide a review, or show it again, as an administrator."""
    async with context.database.write("learning") as session:
        await writing.show_review(session, context.actor, review_id, hidden=wanted.hidden, reason=wanted.reason or None)
