"""Log out."""

from fastapi import APIRouter
from fastapi.responses import Response

from codezest.kit.context import SESSION_COOKIE, Context
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.sign_out import sign_out

router = APIRouter()


@router.post("/logout")
async def log_out(context: Context) -> Response:
    """End the session; a session that has ended already is no error."""
    if context.actor.signed_in:
        async with context.database.write("auth") as session:
            await sign_out(session, context.actor)
    response = context.redirect("/", flash=_("You are logged out."))
    context.delete_cookie(response, SESSION_COOKIE)
    return response
