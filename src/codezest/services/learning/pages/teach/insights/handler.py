"""How a course's learners do, who is stuck, and what waits for those who teach."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.forms import id_in
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.cohorts_and_codes import cohort_choices
from codezest.services.learning.queries.insights import FAILING_DAYS, FAILURES, INACTIVE_DAYS, MOST_COUNTED, insights
from codezest.services.learning.routes.insights import export_statistics

router = page_router()

HEIGHT = 120
"""Of the tallest bar of the chart, in its own units."""


@router.get("/teach/courses/{course_id}/statistics.csv")
async def export(course_id: UUID, context: Context) -> Response:
    """The statistics of all questions and tests as a table for a spreadsheet."""
    return await export_statistics(context, course_id)


@router.get("/teach/courses/{course_id}/insights")
async def overview(
    course_id: UUID, context: Context, cohort: Annotated[str, Query(max_length=40)] = ""
) -> HTMLResponse:
    """All of it on one page; a cohort of no meaning lets everybody through."""
    pool = context.database.pool("learning")
    cohort_id = id_in(cohort)
    course, found = await insights(pool, context.actor, course_id, cohort_id=cohort_id)
    most = max((band.learners for band in found.progress), default=0)
    return context.page(
        "learning/pages/teach/insights/template.html",
        **frame(course, "insights"),
        here=f"/teach/courses/{course_id}/insights",
        found=found,
        bars=[(band, HEIGHT * band.learners // most if most else 0) for band in found.progress],
        height=HEIGHT,
        chosen=str(cohort_id or ""),
        cohorts=[("", _("All learners")), *await cohort_choices(pool, course_id, cohort_id)],
        failures=FAILURES,
        failing_days=FAILING_DAYS,
        inactive_days=INACTIVE_DAYS,
        counted=MOST_COUNTED,
    )
