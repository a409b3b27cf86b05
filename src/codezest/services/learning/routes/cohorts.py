"""Cohorts of a course, for those who teach it."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.learning.actions.enrolling.write_cohort import change_cohort, create_cohort
from codezest.services.learning.queries import enrolling
from codezest.services.learning.schemas.enrolling import CohortChange, CohortList, Made, NewCohort

router = APIRouter(tags=["teaching"])


@router.get("/courses/{course_id}/cohorts")
async def list_cohorts(context: Context, course_id: UUID) -> CohortList:
    """All of them, with how many learners each has; the last to start first."""
    return await enrolling.cohorts(context.database.pool("learning"), context.actor, course_id)


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
