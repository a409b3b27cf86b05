"""Who takes what: of one person, or whoever waits to be let into a course that has a price."""

from urllib.parse import urlencode

from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.admin.asked_person import asked_person
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.administration import every_enrollment
from codezest_db.enums import EnrollmentStatus

router = page_router()

HOME = "/admin/enrollments"
PAGE_SIZE = 30


@router.get(HOME)
async def show_enrollments(context: Context, user: str = "", pending: str = "", cursor: str = "") -> Response:
    """The list; the question stands in the address. They are activated where the course's learners are."""
    context.actor.require_admin()
    page = await every_enrollment(
        context.database.pool("learning"),
        context.actor,
        user_id=asked_person(user),
        pending=bool(pending),
        cursor=cursor or None,
        limit=PAGE_SIZE,
    )
    asked = {name: value for name, value in (("user", user), ("pending", "1" if pending else "")) if value}
    statuses = {
        EnrollmentStatus.PENDING: _("Waits to be let in"),
        EnrollmentStatus.ACTIVE: _("Active"),
        EnrollmentStatus.PAUSED: _("Paused"),
        EnrollmentStatus.COMPLETED: _("Completed"),
        EnrollmentStatus.DROPPED: _("Left"),
    }
    return context.page(
        "learning/pages/admin/enrollments/template.html",
        enrollments=page.items,
        user_id=user,
        pending=bool(pending),
        statuses=statuses,
        next_page=f"{HOME}?{urlencode(asked | {'cursor': page.next_cursor})}" if page.next_cursor else None,
    )
