"""The queue of a course: what waits, what is graded, what is asked about."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.kit.pagination import Cursor
from codezest.services.learning.actions.hand_grading.claim_work import claim_next
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.grading.filters import Wanted, query_of
from codezest.services.learning.queries import grading_queue
from codezest.services.learning.queries.grading_queue import MOST_COUNTED
from codezest.services.learning.schemas.grading_queue import QueueFilter, QueueStatus

router = page_router()
ROWS = 25


@router.get("/teach/courses/{course_id}/grading")
async def queue(
    course_id: UUID, context: Context, wanted: Wanted, cursor: Annotated[Cursor, Query()] = None
) -> HTMLResponse:
    """One page of it; the filters stand in the address."""
    course, found = await grading_queue.grading_queue(
        context.database.pool("learning"), context.actor, course_id, wanted, cursor=cursor, limit=ROWS
    )
    here = f"/teach/courses/{course_id}/grading"
    return context.page(
        "learning/pages/teach/grading/template.html",
        **frame(course, "grading"),
        queue=found,
        wanted=wanted,
        here=here,
        filters=query_of(wanted),
        statuses=[
            (key, _with_count(text, getattr(found.counts, key)), here + query_of(_turned(wanted, key)))
            for key, text in _statuses().items()
        ],
        assignments=[("", _("All assignments")), *((str(one.id), one.title) for one in found.assignments)],
        cohorts=[("", _("All cohorts")), *((str(one.id), one.title) for one in found.cohorts)],
        first_href=here + query_of(wanted) if cursor else None,
        next_href=here + query_of(wanted, cursor=found.next_cursor) if found.next_cursor else None,
        waiting=found.counts.waiting,
    )


@router.post("/teach/courses/{course_id}/grading/next")
async def grade_next(course_id: UUID, context: Context, wanted: Wanted) -> Response:
    """Claim what has waited longest, and open it."""
    return await on_to_next(context, course_id, wanted)


async def on_to_next(context: RequestContext, course_id: UUID, wanted: QueueFilter, *, said: str = "") -> Response:
    """The way to what is to be graded next, or to the queue when nothing waits. `said` is what was done before."""
    async with context.database.write("learning") as session:
        following = await claim_next(session, context.actor, course_id, wanted)
    query = query_of(_turned(wanted, "waiting"))
    if following.submission_id is None:
        done = _("Nothing else waits that is not with somebody else.")
        return context.redirect(f"/teach/courses/{course_id}/grading{query}", flash=f"{said} {done}".strip())
    if following.only_skipped:
        said = f"{said} {_('You skipped this one before.')}".strip()
    return context.redirect(f"/teach/submissions/{following.submission_id}{query}", flash=said)


def _turned(wanted: QueueFilter, status: QueueStatus) -> QueueFilter:
    return wanted.model_copy(update={"status": status})


def _statuses() -> dict[QueueStatus, str]:
    return {
        "waiting": _("Waiting"),
        "graded": _("Graded"),
        "requests": _("Requests"),
        "answers": _("Quiz answers"),
    }


def _with_count(text: str, count: int) -> str:
    if not count:
        return text
    return f"{text} ({MOST_COUNTED - 1}+)" if count >= MOST_COUNTED else f"{text} ({count})"
