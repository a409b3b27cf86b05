"""Log in with a passkey. Scripts ask the authenticator and then send a form, so that all else works as for every login."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.services.auth.actions.passkeys.sign_in_with_passkey import begin_passkey_sign_in, sign_in_with_passkey
from codezest.services.auth.pages.entering import CEREMONY_SECONDS, PASSKEY_COOKIE, enter
from codezest.services.auth.pages.forms import refusal
from codezest.services.auth.providers import identity_providers
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import PasskeyRefused
from codezest.services.auth.ways_in.schemas import PasskeyOptions

router = APIRouter()

LOGIN = "auth/pages/login/template.html"


@router.post("/login/passkey/options")
async def options(context: Context) -> Response:
    """What to ask the authenticator, as JSON. The browser keeps the ceremony where scripts cannot read it."""
    async with context.database.write("auth") as session:
        begun = await begin_passkey_sign_in(session, context.settings)
    return begun_as(context, begun)


@router.post("/login/passkey")
async def log_in(request: Request, context: Context) -> Response:
    """Begin a session with the authenticator's answer."""
    form = await request.form()
    target = safe_next(str(form.get("next", "")), "")
    try:
        begun = await sign_in_with_passkey(
            context.database,
            context.settings,
            ceremony=context.cookies.get(PASSKEY_COOKIE, ""),
            answer=credential_in(form.get("credential")),
            origin=Origin.of(context.client_address, context.user_agent),
        )
    except AppError as error:
        providers = list(identity_providers(context.settings).values())
        return refusal(context, LOGIN, error, values={}, next=target, unverified=False, providers=providers)
    response = await enter(context, begun, target)
    context.delete_cookie(response, PASSKEY_COOKIE)
    return response


def begun_as(context: RequestContext, begun: PasskeyOptions) -> Response:
    """The options as JSON, their ceremony in a cookie."""
    response = JSONResponse(begun.options)
    context.set_cookie(response, PASSKEY_COOKIE, begun.ceremony, max_age=CEREMONY_SECONDS)
    return response


def credential_in(field: object) -> dict[str, Any]:
    """The PublicKeyCredential in a field of a form.

    Raises:
        PasskeyRefused: there is none.
    """
    try:
        found = json.loads(field) if isinstance(field, str) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found
