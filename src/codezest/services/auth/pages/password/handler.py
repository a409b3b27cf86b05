"""Change one's password."""

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.change_password import change_password
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.queries.email_changes import has_password
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import PasswordChange

router = account_router()

TEMPLATE = "auth/pages/password/template.html"


@router.get("/account/password")
async def show_form(context: Context) -> Response:
    """The form; for an account without a password, the way to one."""
    return context.page(TEMPLATE, errors=[], messages={}, has_password=await _has_password(context))


@router.post("/account/password")
async def save_password(request: Request, context: Context) -> Response:
    """Replace the password; other sessions end, this one stays."""
    form = await submitted(request, PasswordChange)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await change_password(context.database, context.settings, context.actor, form.read(), origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, has_password=await _has_password(context))
    return context.redirect(
        "/account/password", flash=_("Your password is changed. You are logged out everywhere else.")
    )


async def _has_password(context: RequestContext) -> bool:
    return await has_password(context.database.pool("auth"), context.actor.require_user())
