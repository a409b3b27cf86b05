"""Two-step login: an authenticator app, and codes for the day it is lost."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.two_step.confirm_totp import confirm_totp
from codezest.services.auth.actions.two_step.disable_totp import disable_totp
from codezest.services.auth.actions.two_step.enroll_totp import enroll_totp, pending_secret
from codezest.services.auth.actions.two_step.renew_recovery_codes import renew_recovery_codes
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import codes
from codezest.services.auth.ways_in.errors import ProofNeeded, TwoStepOff, TwoStepOn, WrongCode
from codezest.services.auth.ways_in.queries import ways_in_of
from codezest.services.auth.ways_in.schemas import PageCode

HOME = "/account/two-step"

router = proved_router(HOME)

STATE = "auth/pages/two_step/template.html"
SETUP = "auth/pages/two_step/setup.html"
CODES = "auth/pages/two_step/codes.html"


@router.get(HOME)
async def show_state(context: Context) -> Response:
    """Whether it is on, and what can be done."""
    ways = await ways_in_of(context.database.pool("auth"), context.actor.require_user())
    return context.page(STATE, two_step=ways.two_step)


@router.post("/account/two-step/begin")
async def begin(context: Context) -> Response:
    """Show a new secret, as a picture and as text."""
    try:
        async with context.database.write("auth") as session:
            secret = await enroll_totp(session, context.settings, context.actor)
    except TwoStepOn as error:
        return context.redirect(HOME, flash=_(error.title) + ".", kind="info")
    return context.page(SETUP, errors=[], messages={}, **_shown(context, secret))


@router.post("/account/two-step/confirm")
async def confirm(request: Request, context: Context) -> Response:
    """Turn it on, and show the recovery codes."""
    form = await submitted(request, PageCode)
    try:
        async with context.database.write("auth") as session:
            shown = await confirm_totp(session, context.settings, context.actor, form.read().code, _origin(context))
    except ProofNeeded:
        raise
    except TwoStepOn as error:
        return context.redirect(HOME, flash=_(error.title) + ".", kind="info")
    except (FormRefused, AppError) as error:
        return await _once_more(context, error)
    return context.page(CODES, codes=shown, renewed=False)


@router.post("/account/two-step/codes")
async def renew(context: Context) -> Response:
    """Show new recovery codes."""
    try:
        async with context.database.write("auth") as session:
            shown = await renew_recovery_codes(session, context.actor, _origin(context))
    except TwoStepOff as error:
        return context.redirect(HOME, flash=_(error.title) + ".", kind="info")
    return context.page(CODES, codes=shown, renewed=True)


@router.post("/account/two-step/end")
async def end(context: Context) -> Response:
    """Turn it off."""
    try:
        async with context.database.write("auth") as session:
            await disable_totp(session, context.actor, _origin(context))
    except TwoStepOff as error:
        return context.redirect(HOME, flash=_(error.title) + ".", kind="info")
    return context.redirect(HOME, flash=_("Two-step login is off."))


async def _once_more(context: RequestContext, error: FormRefused | AppError) -> Response:
    """The same secret again, since the app has taken it in by now."""
    try:
        async with context.database.write("auth") as session:
            secret = await pending_secret(session, context.settings, context.actor)
    except WrongCode:
        return context.redirect(HOME)
    return refusal(context, SETUP, error, **_shown(context, secret))


def _shown(context: RequestContext, secret: bytes) -> dict[str, Any]:
    email = context.actor.email
    return {
        "secret": codes.readable_secret(secret),
        "address": codes.setup_address(secret, email),
        "picture": codes.setup_picture(secret, email),
    }


def _origin(context: RequestContext) -> Origin:
    return Origin.of(context.client_address, context.user_agent)
