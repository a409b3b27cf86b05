"""One's passkeys. Adding one needs scripts; everything else does not."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.passkeys.change_passkey import remove_passkey, rename_passkey
from codezest.services.auth.actions.passkeys.register_passkey import begin_registration, register_passkey
from codezest.services.auth.pages.entering import PASSKEY_COOKIE
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.passkey_sign_in.handler import begun_as, credential_in
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import ProofNeeded
from codezest.services.auth.ways_in.queries import is_proved, passkeys_of
from codezest.services.auth.ways_in.schemas import PasskeyUpdate

HOME = "/account/passkeys"

router = proved_router(HOME)

TEMPLATE = "auth/pages/passkeys/template.html"


@router.get(HOME)
async def show_passkeys(context: Context) -> Response:
    """What there is."""
    return context.page(TEMPLATE, errors=[], messages={}, values={}, **await _state(context))


@router.post("/account/passkeys/options")
async def options(context: Context) -> Response:
    """What to ask the authenticator, as JSON."""
    async with context.database.write("auth") as session:
        begun = await begin_registration(session, context.settings, context.actor)
    return begun_as(context, begun)


@router.post(HOME)
async def add(request: Request, context: Context) -> Response:
    """Store what the authenticator made."""
    form = await submitted(request, PasskeyUpdate)
    try:
        async with context.database.write("auth") as session:
            await register_passkey(
                session,
                context.settings,
                context.actor,
                ceremony=context.cookies.get(PASSKEY_COOKIE, ""),
                name=form.read().name,
                answer=credential_in((await request.form()).get("credential")),
                origin=_origin(context),
            )
    except ProofNeeded:
        raise
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values, **await _state(context))
    response = context.redirect(HOME, flash=_("The passkey is added. You can log in with it from now on."))
    context.delete_cookie(response, PASSKEY_COOKIE)
    return response


@router.post("/account/passkeys/{passkey_id}/rename")
async def rename(passkey_id: str, request: Request, context: Context) -> Response:
    """Call it otherwise."""
    form = await submitted(request, PasskeyUpdate)
    try:
        async with context.database.write("auth") as session:
            await rename_passkey(session, context.actor, _id(passkey_id), form.read().name)
    except FormRefused as error:
        return refusal(context, TEMPLATE, error, values={}, **await _state(context))
    return context.redirect(HOME, flash=_("The passkey has its new name."))


@router.post("/account/passkeys/{passkey_id}/remove")
async def remove(passkey_id: str, context: Context) -> Response:
    """Forget it, unless it is the only way in."""
    try:
        async with context.database.write("auth") as session:
            await remove_passkey(session, context.actor, _id(passkey_id), _origin(context))
    except ProofNeeded:
        raise
    except AppError as error:
        return context.redirect(HOME, flash=f"{_(error.title)}. {_(error.detail)}", kind="error")
    return context.redirect(HOME, flash=_("The passkey is removed. Delete it on your device too."))


async def _state(context: RequestContext) -> dict[str, Any]:
    pool = context.database.pool("auth")
    return {
        "passkeys": await passkeys_of(pool, context.actor.require_user()),
        "proved": await is_proved(pool, context.actor.session_id),
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _origin(context: RequestContext) -> Origin:
    return Origin.of(context.client_address, context.user_agent)
