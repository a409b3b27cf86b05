"""Rubrics of a course."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.learning.actions.hand_grading.write_rubric import change_rubric, create_rubric, remove_rubric
from codezest.services.learning.queries import hand_grading
from codezest.services.learning.schemas.rubrics import RubricChange, RubricDetail, Rubrics, RubricUpdate

router = APIRouter(tags=["grading"])


@router.get("/courses/{course_id}/rubrics")
async def list_rubrics(context: Context, course_id: UUID) -> Rubrics:
    """Those that the course offers, the newest version of each."""
    return (await hand_grading.rubrics(context.database.pool("learning"), context.actor, course_id))[1]


@router.post("/courses/{course_id}/rubrics", status_code=201)
async def add_rubric(context: Context, course_id: UUID, new: RubricChange) -> RubricDetail:
    """Write a rubric, for any assignments of the course."""
    async with context.database.write("learning") as session:
        made = (await create_rubric(session, context.actor, course_id, new)).id
    return await read_rubric(context, made)


@router.get("/rubrics/{rubric_id}")
async def read_rubric(context: Context, rubric_id: UUID) -> RubricDetail:
    return (await hand_grading.rubric(context.database.pool("learning"), context.actor, rubric_id))[1]


@router.put("/rubrics/{rubric_id}")
async def write_rubric(context: Context, rubric_id: UUID, change: RubricUpdate) -> RubricDetail:
    """Change it. One that work was graded by stays; the answer is then its next version, which its assignments use."""
    async with context.database.write("learning") as session:
        kept = (await change_rubric(session, context.actor, rubric_id, change)).id
    return await read_rubric(context, kept)


@router.delete("/rubrics/{rubric_id}", status_code=204)
async def delete_rubric(context: Context, rubric_id: UUID) -> None:
    """Offer it no more. Grades that were given by it keep it."""
    async with context.database.write("learning") as session:
        await remove_rubric(session, context.actor, rubric_id)
