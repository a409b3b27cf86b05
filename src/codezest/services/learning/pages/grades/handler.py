"""A learner's own grade in a course, and how it came about."""

from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.services.learning.gradebook.words import grade_text, percent_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.gradebook.groups import grouped
from codezest.services.learning.queries.gradebook import own_standing

router = page_router()


@router.get("/courses/{slug}/grades")
async def grades(slug: str, context: Context) -> HTMLResponse:
    """What is not released, or not shown to learners, is not here."""
    course, found = await own_standing(context.database.pool("learning"), context.actor, slug)
    return context.page(
        "learning/pages/grades/template.html",
        course=course,
        found=found,
        groups=grouped(found.layout),
        cells={cell.column_id: cell for cell in found.row.cells},
        grade_text=grade_text,
        percent_text=percent_text,
    )
