"""Choose a new password through the link of a letter."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import SESSION_COOKIE, Context, RequestContext
from codezest.kit.errors import AppError, BadRequest, Gone
from codezest.kit.i18n import gettext as _
from codezest.kit.tokens import token_hash
from codezest.services.auth.actions.reset_password import reset_password
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.queries import email_of_reset
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import ResetAnswer

router = APIRouter()

TEMPLATE = "auth/pages/reset_password/template.html"


@router.get("/reset-password")
async def show_form(context: Context, token: str = "") -> Response:
    """The form, if the link still works."""
    try:
        email = await email_of_reset(context.database.pool("auth"), token_hash(token))
    except AppError as error:
        return _dead_link(context, error)
    return context.page(TEMPLATE, problem=None, token=token, email=email, errors=[], messages={})


@router.post("/reset-password")
async def choose(request: Request, context: Context) -> Response:
    """Set the password; the browser is logged out with all others."""
    form = await submitted(request, ResetAnswer)
    token = form.texts.get("token", "")
    try:
        email = await email_of_reset(context.database.pool("auth"), token_hash(token))
    except AppError as error:
        return _dead_link(context, error)
    try:
        answer = form.read()
        origin = Origin.of(context.client_address, context.user_agent)
        await reset_password(context.database, token=answer.token, password=answer.password, origin=origin)
    except (BadRequest, Gone) as error:  # another tab was faster
        return _dead_link(context, error)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, problem=None, token=token, email=email)
    response = context.redirect("/login", flash=_("Your new password is set. Log in with it."))
    context.delete_cookie(response, SESSION_COOKIE)
    return response


def _dead_link(context: RequestContext, error: AppError) -> Response:
    return context.page(TEMPLATE, status=error.status, problem=error, token="", email="", errors=[], messages={})
