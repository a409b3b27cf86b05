"""Register."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.services.auth.actions.register import register
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import Registration

router = APIRouter()

TEMPLATE = "auth/pages/register/template.html"


@router.get("/register")
async def show_registration(context: Context) -> Response:
    """The form; whoever is signed in has an account."""
    if context.actor.signed_in:
        return context.redirect("/dashboard")
    return context.page(TEMPLATE, values={}, errors=[], messages={})


@router.post("/register")
async def send_registration(request: Request, context: Context) -> Response:
    """Have the letter sent; the next page looks the same for an address that has an account."""
    form = await submitted(request, Registration)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await register(context.database, context.settings, form.read(), origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values)
    return context.redirect("/register/sent")
