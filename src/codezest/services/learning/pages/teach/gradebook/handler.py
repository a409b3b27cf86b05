"""The gradebook of a course: learners and their results, grouped as they count."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.gradebook.words import grade_text, percent_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.gradebook.groups import grouped
from codezest.services.learning.queries.gradebook import WantedLearners, gradebook
from codezest.services.learning.routes.gradebook import export_gradebook
from codezest.services.learning.schemas.gradebook import Order

router = page_router()

PAGE = 50


@router.get("/teach/courses/{course_id}/gradebook.csv")
async def export(course_id: UUID, context: Context) -> Response:
    """All of it as a table for a spreadsheet."""
    return await export_gradebook(context, course_id)


@router.get("/teach/courses/{course_id}/gradebook")
async def book(  # noqa: PLR0917 - each is a parameter of the address
    course_id: UUID,
    context: Context,
    cohort: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    order: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """A page of them. A filter of no meaning lets everybody through."""
    chosen_order: Order = "name" if order == "name" else "newest"
    wanted = WantedLearners(cohort_id=_uuid(cohort), words=q, order=chosen_order)
    pool = context.database.pool("learning")
    course, found = await gradebook(pool, context.actor, course_id, wanted, cursor=cursor, limit=PAGE)
    kept = {
        name: value
        for name, value in (("cohort", cohort), ("q", q.strip()), ("order", order if order == "name" else ""))
        if value
    }
    here = f"/teach/courses/{course_id}/gradebook"
    return context.page(
        "learning/pages/teach/gradebook/template.html",
        **frame(course, "gradebook"),
        here=here,
        found=found,
        groups=grouped(found.layout),
        cells=[{cell.column_id: cell for cell in row.cells} for row in found.items],
        grade_text=grade_text,
        percent_text=percent_text,
        chosen={"cohort": cohort, "q": q, "order": chosen_order},
        filtered=bool(wanted.cohort_id or q.strip()),
        cohorts=[("", _("Any")), *((str(one.id), one.name) for one in found.layout.cohorts)],
        orders=[("newest", _("Newest first")), ("name", _("Name"))],
        first_page=(f"{here}?{urlencode(kept)}" if kept else here) if cursor else None,
        next_page=f"?{urlencode(kept | {'cursor': found.next_cursor})}" if found.next_cursor else None,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
