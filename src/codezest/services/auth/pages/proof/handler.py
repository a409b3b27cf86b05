"""Show once more that it is you, before the ways to log in are changed."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.services.auth.actions.passkeys.prove_with_passkey import begin_proof, prove_with_passkey
from codezest.services.auth.actions.prove import prove_with_code, prove_with_password
from codezest.services.auth.pages.entering import PASSKEY_COOKIE
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.passkey_sign_in.handler import begun_as, credential_in
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.providers import identity_providers
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.queries import ways_in_of
from codezest.services.auth.ways_in.schemas import ProofAnswer

router = account_router()

TEMPLATE = "auth/pages/proof/template.html"
HOME = "/account/passkeys"


@router.get("/account/confirm")
async def show_form(context: Context, next: str = "") -> Response:  # noqa: A002 - the name of the parameter
    """The ways this account has to prove itself."""
    return context.page(TEMPLATE, errors=[], messages={}, **await _ways(context, safe_next(next, HOME)))


@router.post("/account/confirm")
async def prove(request: Request, context: Context) -> Response:
    """Take the password or the code, and go on to where one was headed."""
    form = await submitted(request, ProofAnswer)
    target = safe_next(str((await request.form()).get("next", "")), HOME)
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        answer = form.read()
        if answer.password is not None:
            await prove_with_password(context.database, context.settings, context.actor, answer.password, origin)
        else:
            await prove_with_code(context.database, context.settings, context.actor, answer.code or "", origin)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, **await _ways(context, target))
    return context.redirect(target)


@router.post("/account/confirm/passkey/options")
async def options(context: Context) -> Response:
    """What to ask the authenticator, as JSON."""
    async with context.database.write("auth") as session:
        begun = await begin_proof(session, context.settings, context.actor)
    return begun_as(context, begun)


@router.post("/account/confirm/passkey")
async def prove_by_passkey(request: Request, context: Context) -> Response:
    """Take the authenticator's answer."""
    form = await request.form()
    target = safe_next(str(form.get("next", "")), HOME)
    try:
        await prove_with_passkey(
            context.database,
            context.settings,
            context.actor,
            ceremony=context.cookies.get(PASSKEY_COOKIE, ""),
            answer=credential_in(form.get("credential")),
            origin=Origin.of(context.client_address, context.user_agent),
        )
    except AppError as error:
        return refusal(context, TEMPLATE, error, **await _ways(context, target))
    response = context.redirect(target)
    context.delete_cookie(response, PASSKEY_COOKIE)
    return response


async def _ways(context: RequestContext, target: str) -> dict[str, Any]:
    ways = await ways_in_of(context.database.pool("auth"), context.actor.require_user())
    providers = identity_providers(context.settings)
    connected = [providers[way.provider] for way in ways.connections if way.provider in providers]
    return {"next": target, "ways": ways, "providers": connected}
