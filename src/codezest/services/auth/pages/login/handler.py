"""Log in."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import SESSION_COOKIE, Context, safe_next
from codezest.kit.errors import AppError
from codezest.services.auth.actions.sign_in import sign_in
from codezest.services.auth.actions.sign_out import sign_out
from codezest.services.auth.errors import EmailNotVerified
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import Credentials

router = APIRouter()

TEMPLATE = "auth/pages/login/template.html"
START = "/dashboard"
LONGEST_COOKIE_SECONDS = 400 * 86400
"""As long as browsers keep a cookie at all."""


@router.get("/login")
async def show_login(context: Context, next: str = "") -> Response:  # noqa: A002 - the name of the parameter
    """The form; whoever is signed in goes on."""
    if context.actor.signed_in:
        return context.redirect(safe_next(next, START))
    return context.page(TEMPLATE, values={}, errors=[], messages={}, next=safe_next(next, ""), unverified=False)


@router.post("/login")
async def log_in(request: Request, context: Context) -> Response:
    """Begin a session and go on to where the reader was headed."""
    form = await submitted(request, Credentials)
    target = str((await request.form()).get("next", ""))
    try:
        credentials = form.read()
        begun = await sign_in(
            context.database,
            context.settings,
            email=credentials.email,
            password=credentials.password,
            origin=Origin.of(context.client_address, context.user_agent),
        )
    except (FormRefused, AppError) as error:
        return refusal(
            context,
            TEMPLATE,
            error,
            values=form.values,
            next=safe_next(target, ""),
            unverified=isinstance(error, EmailNotVerified),
        )
    if context.actor.signed_in:  # the browser's former session would be left without anyone who knows its token
        async with context.database.write("auth") as session:
            await sign_out(session, context.actor)
    response = context.redirect(safe_next(target, START))
    # The session itself ends on the server, later with each use; the cookie merely must not end before it.
    context.set_cookie(response, SESSION_COOKIE, begun.token, max_age=LONGEST_COOKIE_SECONDS)
    return response
