"""Confirm an address. Opening the link changes nothing, because mail scanners open links; pressing the button does."""

from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.tokens import token_hash
from codezest.services.auth.actions.verify_email import verify_email
from codezest.services.auth.errors import VerificationTokenInvalid
from codezest.services.auth.pages.entering import NEXT_COOKIE
from codezest.services.auth.pages.forms import FormRefused, submitted
from codezest.services.auth.queries import pending_registration
from codezest.services.auth.schemas import VerificationAnswer

router = APIRouter()

TEMPLATE = "auth/pages/verify_email/template.html"


@router.get("/verify-email")
async def show_confirmation(context: Context, token: str = "") -> Response:
    """Whose account would be opened, and the button that does."""
    try:
        registration = await pending_registration(context.database.pool("auth"), token_hash(token))
    except AppError as error:
        return _dead_link(context, error)
    name = f"{registration['first_name'] or ''} {registration['last_name'] or ''}".strip()
    return context.page(TEMPLATE, problem=None, token=token, email=registration["email"], name=name)


@router.post("/verify-email")
async def confirm(request: Request, context: Context) -> Response:
    """Open the account. Logging in then leads to where the reader was headed when they registered, in the same browser."""
    form = await submitted(request, VerificationAnswer)
    try:
        token = form.read().token
        async with context.database.write("auth") as session:
            await verify_email(session, token)
    except FormRefused:
        return _dead_link(context, VerificationTokenInvalid())
    except AppError as error:
        return _dead_link(context, error)
    target = safe_next(unquote(context.cookies.get(NEXT_COOKIE, "")), "")
    response = context.redirect(
        "/login" + (f"?next={quote(target, safe='')}" if target else ""),
        flash=_("Your address is confirmed. Log in to begin."),
    )
    if target:
        context.delete_cookie(response, NEXT_COOKIE)
    return response


def _dead_link(context: RequestContext, error: AppError) -> Response:
    return context.page(TEMPLATE, status=error.status, problem=error, token="", email="", name="")
