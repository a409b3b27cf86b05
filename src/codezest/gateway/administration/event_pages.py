"""Events that failed too often, for people."""

import json
from uuid import UUID

from fastapi.responses import Response

from codezest.gateway.administration.events import discard_event, given_up_events, retry_event
from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.auth.pages.admin.routing import admin_router

pages = admin_router()

HOME = "/admin/events"
PAGE_SIZE = 20


@pages.get(HOME)
async def show_events(context: Context, cursor: str = "") -> Response:
    """The list."""
    page = await given_up_events(context, cursor=cursor or None, limit=PAGE_SIZE)
    return context.page(
        "admin/events.html",
        events=page.items,
        pretty=_pretty,
        next_page=f"{HOME}?cursor={page.next_cursor}" if page.next_cursor else None,
    )


@pages.post("/admin/events/{event_id}/retry")
async def retry(event_id: UUID, context: Context) -> Response:
    """Try it again."""
    async with context.database.write("ops") as session:
        await retry_event(session, context.actor, event_id)
    return context.redirect(HOME, flash=_("The event is tried again now."))


@pages.post("/admin/events/{event_id}/discard")
async def discard(event_id: UUID, context: Context) -> Response:
    """Discard it."""
    async with context.database.write("ops") as session:
        await discard_event(session, context.actor, event_id)
    return context.redirect(HOME, flash=_("The event is discarded."))


def _pretty(payload: object) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False)
