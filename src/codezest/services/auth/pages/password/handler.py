"""Change one's password."""

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.change_password import change_password
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import PasswordChange

router = account_router()

TEMPLATE = "auth/pages/password/template.html"


@router.get("/account/password")
async def show_form(context: Context) -> Response:
    """The form."""
    return context.page(TEMPLATE, errors=[], messages={})


@router.post("/account/password")
async def save_password(request: Request, context: Context) -> Response:
    """Replace the password; other sessions end, this one stays."""
    form = await submitted(request, PasswordChange)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await change_password(context.database, context.settings, context.actor, form.read(), origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error)
    return context.redirect(
        "/account/password", flash=_("Your password is changed. You are logged out everywhere else.")
    )
