"""How learners fail, the same mistakes counted together."""

from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.mistakes import NEWEST, assignments_of, mistakes
from codezest.services.learning.schemas.analysis import Mistake
from codezest.web.comparison import compare_output

router = page_router()


@router.get("/teach/courses/{course_id}/insights/mistakes")
async def frequent_mistakes(course_id: UUID, context: Context, assignment: str = "") -> HTMLResponse:
    """The mistakes of one assignment; at first of the first in which anybody failed."""
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    choices = await assignments_of(pool, context.actor, course_id)
    if assignment and assignment not in {str(one.id) for one in choices}:
        raise NotFound
    wanted = assignment or next((str(one.id) for one in choices if one.failed), "")
    found = await mistakes(pool, context.actor, UUID(wanted)) if wanted else None
    return context.page(
        "learning/pages/teach/mistakes/template.html",
        **frame(course, "insights"),
        choices=[(str(one.id), one.title) for one in choices],
        chosen=wanted,
        found=found,
        clusters=[_shown(one) for one in found.items] if found else [],
        newest=NEWEST,
    )


def _shown(one: Mistake) -> dict[str, Any]:
    example = one.example
    compared = example is not None and example.expected is not None and example.actual is not None
    return {
        "mistake": one,
        "example": example,
        "comparison": compare_output(example.expected or "", example.actual or "") if compared and example else None,
        "tests": [position + 1 for position in one.failed_tests[:12]],
        "more_tests": max(0, len(one.failed_tests) - 12),
    }
