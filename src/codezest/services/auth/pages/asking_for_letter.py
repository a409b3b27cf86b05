"""The page on which somebody gives an address to have a letter sent."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.services.auth.actions.request_mail import request_mail
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import MailRequest


def letter_routes(address: str, kind: Literal["verification", "reset"], *, template: str) -> APIRouter:
    """The form at the address, and what it does; `{address}/sent` is where it leads."""
    router = APIRouter()

    @router.get(address)
    async def show_request(context: Context) -> Response:
        """The form."""
        return context.page(template, values={}, errors=[], messages={})

    @router.post(address)
    async def send_request(request: Request, context: Context) -> Response:
        """Have the letter sent if the address has an account that it serves; the next page does not say."""
        form = await submitted(request, MailRequest)
        origin = Origin.of(context.client_address, context.user_agent)
        try:
            email = form.read().email
            async with context.database.write("auth") as session:
                await request_mail(session, context.settings, kind, email=email, origin=origin)
        except (FormRefused, AppError) as error:
            return refusal(context, template, error, values=form.values)
        return context.redirect(f"{address}/sent")

    return router
