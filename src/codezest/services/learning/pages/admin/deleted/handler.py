"""What was deleted from the courses, and the way back."""

from typing import Any, cast, get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import Conflict
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.restore_deleted import restore_deleted
from codezest.services.learning.errors import NotReady
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.administration import deleted_content
from codezest.services.learning.schemas.administration import DeletedKind

router = page_router()

HOME = "/admin/content/deleted"
TEMPLATE = "learning/pages/admin/deleted/template.html"
PAGE_SIZE = 30


@router.get(HOME)
async def show_deleted(context: Context, kind: str = "", cursor: str = "") -> Response:
    """The list."""
    return context.page(TEMPLATE, errors=[], **await _shown(context, kind, cursor))


@router.post("/admin/content/deleted/{content_id}/restore")
async def restore(content_id: UUID, context: Context) -> Response:
    """Bring one thing back; what stands in the way is said above the list."""
    context.actor.require_admin()
    try:
        async with context.database.write("learning") as session:
            await restore_deleted(session, context.actor, content_id)
    except (Conflict, NotReady) as error:
        errors = [(None, f"{_(error.title)}. {error.detail}")]
        return context.page(TEMPLATE, status=error.status, errors=errors, **await _shown(context, "", ""))
    return context.redirect(HOME, flash=_("It is back where it stood."))


async def _shown(context: RequestContext, kind: str, cursor: str) -> dict[str, Any]:
    kinds = {
        "LANGUAGE": _("Language"),
        "COURSE": _("Course"),
        "MODULE": _("Module"),
        "MATERIAL": _("Lesson"),
        "ASSIGNMENT": _("Assignment"),
        "QUIZ": _("Quiz"),
        "QUESTION": _("Question"),
    }
    wanted = cast("DeletedKind", kind) if kind in get_args(DeletedKind) else None
    page = await deleted_content(
        context.database.pool("learning"), context.actor, kind=wanted, cursor=cursor or None, limit=PAGE_SIZE
    )
    query = urlencode({**({"kind": wanted} if wanted else {}), "cursor": page.next_cursor or ""})
    return {
        "deleted": page.items,
        "kinds": kinds,
        "kind": kind,
        "next_page": f"{HOME}?{query}" if page.next_cursor else None,
    }
