"""All courses, whoever owns them and whatever their state."""

from urllib.parse import urlencode

from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.admin.asked_person import asked_person
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import status_text
from codezest.services.learning.queries.administration import every_course
from codezest_db.enums import PublicationStatus

router = page_router()

HOME = "/admin/content"
PAGE_SIZE = 30


@router.get(HOME)
async def show_courses(context: Context, q: str = "", status: str = "", owner: str = "", cursor: str = "") -> Response:
    """The list; the question stands in the address."""
    context.actor.require_admin()
    wanted = PublicationStatus(status) if status in PublicationStatus.__members__ else None
    page = await every_course(
        context.database.pool("learning"),
        context.actor,
        search=q[:100],
        status=wanted,
        owner_id=asked_person(owner),
        cursor=cursor or None,
        limit=PAGE_SIZE,
    )
    asked = {"q": q, "status": status, "owner": owner[:100]}
    query = urlencode({**{name: value for name, value in asked.items() if value}, "cursor": page.next_cursor or ""})
    return context.page(
        "learning/pages/admin/content/template.html",
        courses=page.items,
        asked=asked,
        filtered=any(asked.values()),
        statuses=[(one.value, status_text(one)) for one in PublicationStatus],
        status_text=status_text,
        nobody=_("nobody"),
        next_page=f"{HOME}?{query}" if page.next_cursor else None,
    )
