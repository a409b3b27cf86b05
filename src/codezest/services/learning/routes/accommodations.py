"""What single learners are granted in a course."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.grant_accommodation import grant_accommodation, revoke_accommodation
from codezest.services.learning.queries.accommodations import accommodation, accommodations
from codezest.services.learning.schemas.accommodations import AccommodationDetail, AccommodationPage, Grant

router = APIRouter(tags=["teaching"])


@router.get("/courses/{course_id}/accommodations")
async def read_accommodations(
    context: Context, course_id: UUID, user_id: UUID | None = None, cursor: Cursor = None, limit: PageSize = 25
) -> AccommodationPage:
    """What is granted, the newest first; `user_id` narrows it to one learner."""
    return await accommodations(
        context.database.pool("learning"), context.actor, course_id, user_id=user_id, cursor=cursor, limit=limit
    )


@router.put(
    "/courses/{course_id}/accommodations",
    responses={201: {"model": AccommodationDetail, "description": "The first for this learner and item"}},
)
async def grant(context: Context, course_id: UUID, given: Grant, response: Response) -> AccommodationDetail:
    """Grant a learner more time, attempts or days, in place of what was granted for the same item or course before."""
    async with context.database.write("learning") as session:
        accommodation_id, is_new = await grant_accommodation(session, context.actor, course_id, given)
    found = await accommodation(context.database.pool("learning"), course_id, accommodation_id)
    if found is None:
        raise NotFound
    response.status_code = 201 if is_new else 200
    return found


@router.delete("/courses/{course_id}/accommodations/{accommodation_id}", status_code=204)
async def revoke(context: Context, course_id: UUID, accommodation_id: UUID) -> None:
    """Take it back. Attempts that are running keep the time they were promised."""
    async with context.database.write("learning") as session:
        await revoke_accommodation(session, context.actor, course_id, accommodation_id)
