"""What every page does that begins a session, whatever the proof was."""

from urllib.parse import quote

from fastapi.responses import Response

from codezest.kit.context import SESSION_COOKIE, RequestContext, safe_next
from codezest.services.auth.actions.begin_session import NewSession
from codezest.services.auth.actions.sign_out import sign_out
from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue

START = "/dashboard"
LONGEST_COOKIE_SECONDS = 400 * 86400
"""As long as browsers keep a cookie at all."""
CEREMONY_SECONDS = 600
SECOND_STEP_COOKIE = "codezest_second_step"
PASSKEY_COOKIE = "codezest_passkey"
IDENTITY_COOKIE = "codezest_identity"
NEXT_COOKIE = "codezest_next"
NEXT_SECONDS = 86_400
"""Where somebody was headed who had to register first: as long as the link in the letter works."""


async def enter(context: RequestContext, begun: NewSession | CodeDue, next_path: str | None) -> Response:
    """Give the browser its session and send it on; or to the code that is still owed."""
    if isinstance(begun, CodeDue):
        target = safe_next(next_path, "")
        response = context.redirect("/login/code" + (f"?next={quote(target, safe='')}" if target else ""))
        context.set_cookie(response, SECOND_STEP_COOKIE, begun.ceremony, max_age=CEREMONY_SECONDS)
        return response
    if context.actor.signed_in and context.actor.session_id is not None:
        # The browser's former session would be left without anyone who knows its token.
        async with context.database.write("auth") as session:
            await sign_out(session, context.actor)
    response = context.redirect(safe_next(next_path, START))
    # The session itself ends on the server, later with each use; the cookie merely must not end before it.
    context.set_cookie(response, SESSION_COOKIE, begun.token, max_age=LONGEST_COOKIE_SECONDS)
    return response
