"""Ask for another confirmation letter."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.services.auth.actions.request_mail import request_mail
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import MailRequest

router = APIRouter()

TEMPLATE = "auth/pages/resend_verification/template.html"


@router.get("/resend-verification")
async def show_request(context: Context) -> Response:
    """The form."""
    return context.page(TEMPLATE, values={}, errors=[], messages={})


@router.post("/resend-verification")
async def send_request(request: Request, context: Context) -> Response:
    """Have the letter sent if the address has an account that it serves; the next page does not say."""
    form = await submitted(request, MailRequest)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        email = form.read().email
        async with context.database.write("auth") as session:
            await request_mail(session, context.settings, "verification", email=email, origin=origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values)
    return context.redirect("/resend-verification/sent")
