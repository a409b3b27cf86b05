"""Where one is signed in."""

from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import SESSION_COOKIE, Context
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth import queries
from codezest.services.auth.actions.revoke_session import revoke_other_sessions, revoke_session
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.pages.sessions.device import device_of
from codezest.services.auth.pages.sessions.place import place_of

router = account_router()

TEMPLATE = "auth/pages/sessions/template.html"
PAGE_SIZE = 25


@router.get("/account/sessions")
async def show_sessions(context: Context, cursor: str | None = None) -> Response:
    """The live sessions, in plain words."""
    page = await queries.sessions_of(
        context.database.pool("auth"), context.actor, cursor=cursor or None, limit=PAGE_SIZE
    )
    return context.page(
        TEMPLATE,
        sessions=page.items,
        next_cursor=page.next_cursor,
        device_of=device_of,
        place_of=place_of,
        here=context.client_address,
    )


@router.post("/account/sessions/end-others")
async def end_others(context: Context) -> Response:
    """End every session but this one."""
    async with context.database.write("auth") as session:
        await revoke_other_sessions(session, context.actor)
    return context.redirect("/account/sessions", flash=_("You are logged out everywhere else."))


@router.post("/account/sessions/{session_id}/end")
async def end_session(session_id: str, context: Context) -> Response:
    """End one session; ending this one is logging out."""
    try:
        wanted = UUID(session_id)
    except ValueError:
        raise NotFound from None
    async with context.database.write("auth") as session:
        await revoke_session(session, context.actor, wanted)
    if wanted == context.actor.session_id:
        response = context.redirect("/", flash=_("You are logged out."))
        context.delete_cookie(response, SESSION_COOKIE)
        return response
    return context.redirect("/account/sessions", flash=_("The session has ended."))
