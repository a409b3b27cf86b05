"""Log in with an account elsewhere, or connect one: away to the provider, and back."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.identities.begin_identity import (
    Departure,
    begin_identity_link,
    begin_identity_sign_in,
)
from codezest.services.auth.actions.identities.return_identity import return_identity
from codezest.services.auth.pages.entering import CEREMONY_SECONDS, IDENTITY_COOKIE, enter
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import IdentityNeedsSignIn

router = APIRouter()
linking = account_router()

TEMPLATE = "auth/pages/identity/template.html"


@router.post("/login/with/{provider}")
async def log_in_with(provider: str, request: Request, context: Context) -> Response:
    """Send the browser to the provider. A page does it: our policy lets no form lead off the site."""
    target = safe_next(str((await request.form()).get("next", "")), "")
    try:
        departure = await begin_identity_sign_in(context.database, context.settings, provider, next_path=target)
    except AppError as error:
        return _refused(context, "/login", error)
    return _depart(context, departure)


@linking.post("/account/connections/{provider}/connect")
async def connect(provider: str, context: Context) -> Response:
    """As above, to connect an account there with the one that is signed in here."""
    try:
        departure = await begin_identity_link(context.database, context.settings, context.actor, provider)
    except AppError as error:
        return back_or_prove(context, "/account/connections", error)
    return _depart(context, departure)


@router.get("/login/with/{provider}/callback")
async def come_back(provider: str, context: Context, state: str = "", code: str = "") -> Response:
    """Take in who came back. The address alone does nothing: the browser must hold the cookie it left with."""
    home = "/account/connections" if context.actor.signed_in else "/login"
    try:
        arrival = await return_identity(
            context.database,
            context.settings,
            context.actor,
            provider,
            token=context.cookies.get(IDENTITY_COOKIE, ""),
            state=state,
            code=code,
            origin=Origin.of(context.client_address, context.user_agent),
        )
    except IdentityNeedsSignIn as error:
        response = _refused(context, "/login?next=/account/connections", error)
    except AppError as error:
        response = back_or_prove(context, home, error)
    else:
        if arrival.outcome is None:
            response = context.redirect("/account/connections", flash=_("The two accounts are connected."))
        else:
            response = await enter(context, arrival.outcome, arrival.next_path)
    context.delete_cookie(response, IDENTITY_COOKIE)
    return response


def _depart(context: RequestContext, departure: Departure) -> Response:
    response = context.page(TEMPLATE, url=departure.url, provider=departure.provider_name)
    context.set_cookie(response, IDENTITY_COOKIE, departure.token, max_age=CEREMONY_SECONDS)
    return response


def back_or_prove(context: RequestContext, home: str, error: AppError) -> Response:
    """Back to the page with what went wrong; or to the proof that is missing, and then to the page."""
    if error.code == "proof-needed":
        return context.redirect(f"/account/confirm?next={quote(home, safe='')}")
    return _refused(context, home, error)


def _refused(context: RequestContext, home: str, error: AppError) -> Response:
    return context.redirect(home, flash=f"{_(error.title)}. {_(error.detail)}", kind="error")


router.include_router(linking)
