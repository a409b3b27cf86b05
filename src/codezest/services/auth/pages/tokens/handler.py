"""Tokens with which programs act in one's name."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.create_api_token import create_api_token
from codezest.services.auth.actions.revoke_api_token import revoke_api_token
from codezest.services.auth.pages.forms import FormRefused, refusal
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.queries.tokens import tokens_of
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.tokens import ApiTokenRequest
from codezest.services.auth.ways_in.errors import ProofNeeded

HOME = "/account/tokens"

router = proved_router(HOME)

TEMPLATE = "auth/pages/tokens/template.html"
NEVER = "never"
DAYS = ("30", "90", "365")
UNTOUCHED: dict[str, Any] = {"name": "", "scopes": ["read"], "expires_in_days": "90"}


@router.get(HOME)
async def show_tokens(context: Context) -> Response:
    """The tokens, and the form for another."""
    return context.page(TEMPLATE, errors=[], messages={}, made=None, values=UNTOUCHED, **await _held(context))


@router.post(HOME)
async def create(request: Request, context: Context) -> Response:
    """Make a token and show it, this once: so the answer is the page itself and no redirect."""
    sent = await request.form()
    values = {
        "name": str(sent.get("name", "")),
        "scopes": [str(scope) for scope in sent.getlist("scopes")],
        "expires_in_days": str(sent.get("expires_in_days", "")),
    }
    days = values["expires_in_days"]
    try:
        asked = ApiTokenRequest.model_validate(values | {"expires_in_days": None if days == NEVER else days})
        origin = Origin.of(context.client_address, context.user_agent)
        async with context.database.write("auth") as session:
            made = await create_api_token(session, context.actor, asked, origin)
    except ValidationError as error:
        return refusal(context, TEMPLATE, _readable(error), made=None, values=values, **await _held(context))
    except ProofNeeded:
        raise
    except AppError as error:
        return refusal(context, TEMPLATE, error, made=None, values=values, **await _held(context))
    return context.page(TEMPLATE, errors=[], messages={}, made=made.token, values=UNTOUCHED, **await _held(context))


@router.post("/account/tokens/{token_id}/revoke")
async def revoke(token_id: str, context: Context) -> Response:
    """End a token at once."""
    try:
        wanted = UUID(token_id)
    except ValueError:
        raise NotFound from None
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await revoke_api_token(session, context.actor, wanted, origin)
    return context.redirect(HOME, flash=_("The token is revoked. Nothing can use it any more."))


def _readable(error: ValidationError) -> FormRefused:
    words = {
        "name": _("Say in at most 100 characters what the token is for."),
        "scopes": _("Choose at least one thing that the token may do."),
        "expires_in_days": _("Choose when the token ends."),
    }
    wrong = dict.fromkeys(str(item["loc"][0]) for item in error.errors(include_url=False))
    return FormRefused([(name, words[name]) for name in wrong if name in words])


async def _held(context: RequestContext) -> dict[str, Any]:
    return {
        "tokens": await tokens_of(context.database.pool("auth"), context.actor),
        "scopes": [
            ("read", _("Read what you can read, except other people's accounts, places and grades")),
            ("write:profile", _("Change your name, profile and picture")),
            ("write:learning", _("Learn: enrol, hand in exercises and quizzes")),
            ("write:content", _("Write courses, where your role allows it")),
            ("teach", _("Teach: learners, grading and gradebooks, where your role allows it")),
        ],
        "lifetimes": [*((days, _("%(days)s days") % {"days": days}) for days in DAYS), (NEVER, _("Never"))],
    }
