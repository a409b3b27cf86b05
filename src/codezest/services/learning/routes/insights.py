"""How items and learners do, for those who teach."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.services.learning.queries import insights as learners
from codezest.services.learning.queries import item_statistics as items
from codezest.services.learning.schemas.insights import AssignmentStatistics, Attention, Insights, QuizStatistics

router = APIRouter(tags=["teaching"])


@router.get("/teach/attention")
async def read_attention(context: Context) -> Attention:
    """What waits in the courses in which the caller teaches."""
    return await learners.attention(context.database.pool("learning"), context.actor)


@router.get("/courses/{course_id}/insights")
async def read_insights(context: Context, course_id: UUID, cohort_id: UUID | None = None) -> Insights:
    """How the learners do, who is stuck, and what waits."""
    pool = context.database.pool("learning")
    return (await learners.insights(pool, context.actor, course_id, cohort_id=cohort_id))[1]


@router.get("/quizzes/{quiz_id}/statistics")
async def read_quiz_statistics(context: Context, quiz_id: UUID) -> QuizStatistics:
    """How its questions do, from every learner's first attempt."""
    return (await items.quiz_statistics(context.database.pool("learning"), context.actor, quiz_id))[1]


@router.get("/assignments/{assignment_id}/statistics")
async def read_assignment_statistics(context: Context, assignment_id: UUID) -> AssignmentStatistics:
    """How its tests do."""
    return (await items.assignment_statistics(context.database.pool("learning"), context.actor, assignment_id))[1]


@router.get("/courses/{course_id}/statistics.csv", response_class=StreamingResponse)
async def export_statistics(context: Context, course_id: UUID) -> StreamingResponse:
    """The statistics of all questions and tests as CSV, in UTF-8 with its mark."""
    pool = context.database.pool("learning")
    head = await items.statistics_head(pool, context.actor, course_id)

    async def body() -> AsyncIterator[str]:
        yield head
        async for lines in items.statistics_csv(pool, course_id):
            yield lines

    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(body(), media_type="text/csv; charset=utf-8", headers=headers)
