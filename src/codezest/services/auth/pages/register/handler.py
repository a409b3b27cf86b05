"""Register."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, safe_next
from codezest.kit.errors import AppError
from codezest.services.auth.actions.register import register
from codezest.services.auth.pages.entering import NEXT_COOKIE, NEXT_SECONDS, START
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import Registration

router = APIRouter()

TEMPLATE = "auth/pages/register/template.html"


@router.get("/register")
async def show_registration(context: Context, next: str = "") -> Response:  # noqa: A002 - the name of the parameter
    """The form; whoever is signed in has an account."""
    if context.actor.signed_in:
        return context.redirect(safe_next(next, START))
    return context.page(TEMPLATE, values={}, errors=[], messages={}, next=safe_next(next, ""))


@router.post("/register")
async def send_registration(request: Request, context: Context) -> Response:
    """Have the letter sent; the next page looks the same for an address that has an account.

    Where the reader was headed is kept in the browser until the address is confirmed.
    """
    form = await submitted(request, Registration)
    target = safe_next(str((await request.form()).get("next", "")), "")
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await register(context.database, context.settings, form.read(), origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values, next=target)
    response = context.redirect("/register/sent")
    if target:
        context.set_cookie(response, NEXT_COOKIE, quote(target), max_age=NEXT_SECONDS)
    return response
