"""The studio's first page: the courses in which one teaches."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.teaching.remove_course import restore_course
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import role_text, status_text
from codezest.services.learning.queries.insights import attention
from codezest.services.learning.queries.search import LONGEST_QUERY
from codezest.services.learning.queries.taught import COUNTED, WantedCourses, taught_courses
from codezest.services.learning.schemas.teaching import CourseRole
from codezest_db.enums import PublicationStatus

router = page_router()

ROLES: tuple[CourseRole, ...] = ("OWNER", "CO_INSTRUCTOR", "GRADER", "OBSERVER")


@router.get("/teach")
async def home(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    status: Annotated[str, Query(max_length=32)] = "",
    role: Annotated[str, Query(max_length=32)] = "",
    everybody: Annotated[str, Query(max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    removed: UUID | None = None,
) -> HTMLResponse:
    """Two statements; the filters are in the address, so that a view can be kept and shared."""
    wanted = WantedCourses(
        query=q,
        status=next((one for one in PublicationStatus if one.value == status), None),
        role=next((one for one in ROLES if one == role), None),
        everybody=bool(everybody) and context.actor.is_admin,
        cursor=cursor,
    )
    found = await taught_courses(context.database.pool("learning"), context.actor, wanted)
    kept = [("q", q), ("status", wanted.status or ""), ("role", wanted.role or "")]
    filters = [(name, value) for name, value in kept if value] + ([("everybody", "1")] if wanted.everybody else [])
    return context.page(
        "learning/pages/teach/home/template.html",
        courses=found.items,
        wanted=wanted,
        filtered=bool(q.strip() or wanted.status or wanted.role or wanted.everybody),
        next_href=f"/teach?{urlencode([*filters, ('cursor', found.next_cursor)])}" if found.next_cursor else None,
        first_href=f"/teach?{urlencode(filters)}" if cursor else None,
        statuses=[("", _("Any state")), *((one.value, status_text(one)) for one in PublicationStatus)],
        roles=[("", _("Any role")), *((one, role_text(one)) for one in ROLES)],
        status_text=status_text,
        role_text=role_text,
        longest=LONGEST_QUERY,
        counted=COUNTED,
        removed=removed,
        waiting=(await attention(context.database.pool("learning"), context.actor)).items if not cursor else [],
    )


@router.post("/teach/restore")
async def restore(context: Context, course_id: Annotated[UUID, Form()]) -> Response:
    """Bring back a course that was deleted a moment ago."""
    async with context.database.write("learning") as session:
        await restore_course(session, context.actor, course_id)
    return context.redirect(f"/teach/courses/{course_id}", flash=_("The course is back."))
