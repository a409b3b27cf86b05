"""The gradebook of a course: learners and their results, grouped as they count."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.gradebook.words import grade_text, percent_text
from codezest.services.learning.pages.forms import id_in
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.gradebook.groups import grouped
from codezest.services.learning.pages.teach.listing import PAGE, address
from codezest.services.learning.queries.cohorts_and_codes import cohort_choices
from codezest.services.learning.queries.gradebook import WantedLearners, gradebook
from codezest.services.learning.routes.gradebook import export_gradebook
from codezest.services.learning.schemas.gradebook import Order

router = page_router()

ORDERS: Mapping[str, Order] = {"name": "name", "highest": "highest", "lowest": "lowest"}


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
    by: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """A page of them. A filter of no meaning lets everybody through."""
    chosen_order = ORDERS.get(order, "newest")
    column_id = id_in(by) if chosen_order in {"highest", "lowest"} else None
    wanted = WantedLearners(cohort_id=id_in(cohort), words=q, order=chosen_order, column_id=column_id)
    pool = context.database.pool("learning")
    course, found = await gradebook(pool, context.actor, course_id, wanted, cursor=cursor, limit=PAGE)
    filters = {name: value for name, value in (("cohort", cohort), ("q", q.strip())) if value}
    ordered = {"order": chosen_order} if chosen_order != "newest" else {}
    kept = filters | ordered | ({"by": str(column_id)} if column_id else {})
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
        chosen={"cohort": cohort, "q": q, "order": chosen_order, "by": str(column_id or "")},
        too_many=found.most_in_order is not None,
        by_whole_grade=wanted.by_results and column_id is None,
        sorting=_sorting(here, filters, found.order, column_id),
        filtered=bool(filters),
        cohorts=[("", _("Any")), *await cohort_choices(pool, course_id, wanted.cohort_id)],
        orders=[
            ("newest", _("Newest first")),
            ("name", _("Name")),
            ("highest", _("Best results first")),
            ("lowest", _("Lowest results first")),
        ],
        columns=[("", _("The whole grade")), *((str(one.id), one.title) for one in found.layout.columns)],
        first_page=address(here, kept) if cursor else None,
        next_page=address(here, kept | {"cursor": found.next_cursor}) if found.next_cursor else None,
    )


def _sorting(
    here: str, filters: Mapping[str, str], order: Order, column_id: UUID | None
) -> Callable[[UUID | None], tuple[str | None, str]]:
    """For a column, or the whole grade: how it is sorted now, as `aria-sort` says it, and where sorting by it leads."""

    def sorted_by(column: UUID | None) -> tuple[str | None, str]:
        own = order in {"highest", "lowest"} and column == column_id
        now = {"highest": "descending", "lowest": "ascending"}[order] if own else None
        then = {"order": "lowest" if now == "descending" else "highest"} | ({"by": str(column)} if column else {})
        return now, address(here, {**filters, **then})

    return sorted_by
