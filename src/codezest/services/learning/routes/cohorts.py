"""Cohorts of a course, for those who teach it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.enrolling.write_cohort import change_cohort, create_cohort
from codezest.services.learning.queries.cohorts_and_codes import Wanted, cohorts
from codezest.services.learning.schemas.enrolling import CohortChange, CohortPage, InUse, Made, NewCohort

router = APIRouter(tags=["teaching"])


@router.get("/courses/{course_id}/cohorts")
async def list_cohorts(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    course_id: UUID,
    q: Annotated[str, Query(max_length=100, description="Part of the name.")] = "",
    in_use: Annotated[InUse | None, Query(description="Whether it is not archived.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> CohortPage:
    """Cohorts with how many learners each has; the last to be made first."""
    wanted = Wanted(words=q, in_use=in_use)
    pool = context.database.pool("learning")
    return await cohorts(pool, context.actor, course_id, wanted, cursor=cursor, limit=limit)


@router.post("/courses/{course_id}/cohorts", status_code=201)
async def make_cohort(context: Context, course_id: UUID, new: NewCohort) -> Made:
    """Add one."""
    async with context.database.write("learning") as session:
        return Made(id=await create_cohort(session, context.actor, course_id, new))


@router.patch("/cohorts/{cohort_id}", status_code=204)
async def update_cohort(context: Context, cohort_id: UUID, change: CohortChange) -> None:
    """Change the fields given. Another start moves the beginning of everybody in it."""
    async with context.database.write("learning") as session:
        await change_cohort(session, context.actor, cohort_id, change)
