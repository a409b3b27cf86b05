"""How the questions of a quiz, or the tests of an exercise, do."""

from uuid import UUID

from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.item_statistics import assignment_statistics, quiz_statistics

router = page_router()


@router.get("/teach/courses/{course_id}/insights/quizzes/{quiz_id}")
async def quiz(course_id: UUID, quiz_id: UUID, context: Context) -> HTMLResponse:
    """Question by question, in the quiz's order."""
    course, found = await quiz_statistics(context.database.pool("learning"), context.actor, quiz_id)
    if course.id != course_id:
        raise NotFound
    return context.page(
        "learning/pages/teach/statistics/quiz.html",
        **frame(course, "insights"),
        back=f"/teach/courses/{course.id}/insights",
        found=found,
    )


@router.get("/teach/courses/{course_id}/insights/assignments/{assignment_id}")
async def assignment(course_id: UUID, assignment_id: UUID, context: Context) -> HTMLResponse:
    """Test by test, the hardest first."""
    course, found = await assignment_statistics(context.database.pool("learning"), context.actor, assignment_id)
    if course.id != course_id:
        raise NotFound
    return context.page(
        "learning/pages/teach/statistics/assignment.html",
        **frame(course, "insights"),
        back=f"/teach/courses/{course.id}/insights",
        found=found,
    )
