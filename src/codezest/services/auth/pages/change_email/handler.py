"""The links of letters about a new address. Opening one changes nothing, because mail scanners open links."""

from collections.abc import Awaitable, Callable

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.context import SESSION_COOKIE, Context, RequestContext
from codezest.kit.database import Pool
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.tokens import token_hash
from codezest.services.auth.actions.confirm_email_change import confirm_email_change, undo_email_change
from codezest.services.auth.errors import ChangeLinkInvalid
from codezest.services.auth.pages.forms import FormRefused, submitted
from codezest.services.auth.queries.email_changes import change_of_token, undo_of_token
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.account import EmailChangeAnswer
from codezest_db.models.auth import User

router = APIRouter()

CONFIRM = "auth/pages/change_email/template.html"
UNDO = "auth/pages/change_email/undo.html"


@router.get("/change-email")
async def show_change(context: Context, token: str = "") -> Response:
    """The address the account would get, and the button that gives it."""
    return await _show(context, CONFIRM, change_of_token, token)


@router.post("/change-email")
async def confirm(request: Request, context: Context) -> Response:
    """Give the account its new address."""
    refused = await _act(request, context, CONFIRM, confirm_email_change)
    if refused is not None:
        return refused
    where = "/account/email" if context.actor.signed_in else "/login"
    return context.redirect(where, flash=_("Your new e-mail address is confirmed. Log in with it from now on."))


@router.get("/undo-email-change")
async def show_undo(context: Context, token: str = "") -> Response:
    """The address the account would get back, and the button that does it."""
    return await _show(context, UNDO, undo_of_token, token)


@router.post("/undo-email-change")
async def undo(request: Request, context: Context) -> Response:
    """Give the account its former address again; it is logged out everywhere."""
    refused = await _act(request, context, UNDO, undo_email_change)
    if refused is not None:
        return refused
    response = context.redirect(
        "/forgot-password", flash=_("Your account has its former address again. Choose a new password now.")
    )
    context.delete_cookie(response, SESSION_COOKIE)
    return response


async def _show(
    context: RequestContext, template: str, read: Callable[[Pool, bytes], Awaitable[asyncpg.Record]], token: str
) -> Response:
    try:
        found = await read(context.database.pool("auth"), token_hash(token))
    except AppError as error:
        return _dead_link(context, template, error)
    return context.page(template, problem=None, token=token, found=dict(found))


async def _act(
    request: Request,
    context: RequestContext,
    template: str,
    change: Callable[[AsyncSession, str, Origin], Awaitable[User]],
) -> Response | None:
    """Why it was not done, as a page; None once it was."""
    form = await submitted(request, EmailChangeAnswer)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        token = form.read().token
        async with context.database.write("auth") as session:
            await change(session, token, origin)
    except FormRefused:
        return _dead_link(context, template, ChangeLinkInvalid())
    except AppError as error:
        return _dead_link(context, template, error)
    return None


def _dead_link(context: RequestContext, template: str, error: AppError) -> Response:
    return context.page(template, status=error.status, problem=error, token="", found={})
