"""Grading by people: the queue, claims, grades, their release, and how all that is set."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.hand_grading.change_settings import (
    change_assignment_grading,
    change_course_grading,
)
from codezest.services.learning.actions.hand_grading.claim_work import claim_next, claim_work, give_back
from codezest.services.learning.actions.hand_grading.give_grade import give_grade
from codezest.services.learning.actions.hand_grading.release_grades import release_grades
from codezest.services.learning.queries import grading_queue, hand_grading
from codezest.services.learning.schemas.grading_queue import GradingQueue, QueueFilter, QueueStatus
from codezest.services.learning.schemas.hand_grading import (
    ClaimState,
    CourseGrading,
    CourseGradingDetail,
    GradingDesk,
    HandGradingSettings,
    NewGrading,
    NextWork,
    Released,
)

router = APIRouter(tags=["grading"])

Of = Annotated[UUID | None, Query(description="Only work of this assignment.")]
In = Annotated[UUID | None, Query(description="Only work of learners in this cohort.")]


@router.get("/courses/{course_id}/grading")
async def read_queue(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    course_id: UUID,
    status: QueueStatus = "waiting",
    assignment_id: Of = None,
    cohort_id: In = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> GradingQueue:
    """What waits to be graded (the oldest first), is graded (the newest first), or is asked about."""
    wanted = QueueFilter(status=status, assignment_id=assignment_id, cohort_id=cohort_id)
    pool = context.database.pool("learning")
    return (await grading_queue.grading_queue(pool, context.actor, course_id, wanted, cursor=cursor, limit=limit))[1]


@router.post("/courses/{course_id}/grading/next")
async def take_next(context: Context, course_id: UUID, assignment_id: Of = None, cohort_id: In = None) -> NextWork:
    """Claim what has waited longest. No two graders are given the same, however many ask at once."""
    async with context.database.write("learning") as session:
        wanted = QueueFilter(assignment_id=assignment_id, cohort_id=cohort_id)
        return await claim_next(session, context.actor, course_id, wanted)


@router.get("/courses/{course_id}/grading/settings")
async def read_settings(context: Context, course_id: UUID) -> CourseGradingDetail:
    """What the course calls grades, and how each of its assignments is graded."""
    return (await hand_grading.grading_settings(context.database.pool("learning"), context.actor, course_id))[1]


@router.put("/courses/{course_id}/grading/settings")
async def change_course(context: Context, course_id: UUID, change: CourseGrading) -> CourseGradingDetail:
    """Change them, for grades given from now on."""
    async with context.database.write("learning") as session:
        await change_course_grading(session, context.actor, course_id, change)
    return await read_settings(context, course_id)


@router.patch("/assignments/{assignment_id}/grading", status_code=204)
async def change_assignment(context: Context, assignment_id: UUID, change: HandGradingSettings) -> None:
    """Change how an assignment is graded by people."""
    async with context.database.write("learning") as session:
        await change_assignment_grading(session, context.actor, assignment_id, change)


@router.post("/assignments/{assignment_id}/grades/release")
async def release(context: Context, assignment_id: UUID) -> Released:
    """Show all learners their grades, where they are held."""
    return Released(released=await release_all(context, assignment_id))


async def release_all(context: Context, assignment_id: UUID) -> int:
    """Batch by batch; stopped in the middle, another call goes on."""
    released = 0
    while True:
        async with context.database.write("learning") as session:
            batch = await release_grades(session, context.actor, assignment_id)
        released += batch
        if not batch:
            return released


@router.get("/submissions/{submission_id}/grading")
async def read_desk(context: Context, submission_id: UUID) -> GradingDesk:
    """One piece of work with its rubric, its grades and all that was said of it."""
    return (await hand_grading.grading_desk(context.database.pool("learning"), context.actor, submission_id))[1]


@router.put("/submissions/{submission_id}/claim")
async def claim(context: Context, submission_id: UUID) -> ClaimState:
    """Claim it, or hold it for longer. 409 `work-claimed` while somebody else has it."""
    async with context.database.write("learning") as session:
        claimed = await claim_work(session, context.actor, submission_id)
        return ClaimState(expires_at=claimed.expires_at)


@router.delete("/submissions/{submission_id}/claim", status_code=204)
async def end_claim(
    context: Context,
    submission_id: UUID,
    skip: Annotated[bool, Query(description="The caller wants to see it again after all else.")] = False,  # noqa: FBT002 - as above
) -> None:
    """Leave it to others."""
    async with context.database.write("learning") as session:
        await give_back(session, context.actor, submission_id, skipped=skip)


@router.post("/submissions/{submission_id}/gradings", status_code=201)
async def grade(context: Context, submission_id: UUID, new: NewGrading) -> GradingDesk:
    """Add a grade. Earlier ones are kept; the latest counts."""
    async with context.database.write("learning") as session:
        await give_grade(session, context.actor, submission_id, new)
    return await read_desk(context, submission_id)
