"""Log in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.services.auth.actions.sign_in import sign_in
from codezest.services.auth.errors import EmailNotVerified
from codezest.services.auth.pages.entering import START, enter
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.providers import identity_providers
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import Credentials

router = APIRouter()

TEMPLATE = "auth/pages/login/template.html"


@router.get("/login")
async def show_login(context: Context, next: str = "") -> Response:  # noqa: A002 - the name of the parameter
    """The form; whoever is signed in goes on."""
    if context.actor.signed_in:
        return context.redirect(safe_next(next, START))
    return context.page(
        TEMPLATE, values={}, errors=[], messages={}, next=safe_next(next, ""), unverified=False, **_others(context)
    )


@router.post("/login")
async def log_in(request: Request, context: Context) -> Response:
    """Begin a session and go on to where the reader was headed, by way of the second step where there is one."""
    form = await submitted(request, Credentials)
    target = str((await request.form()).get("next", ""))
    try:
        credentials = form.read()
        begun = await sign_in(
            context.database,
            context.settings,
            email=credentials.email,
            password=credentials.password,
            origin=Origin.of(context.client_address, context.user_agent),
            next_path=safe_next(target, ""),
        )
    except (FormRefused, AppError) as error:
        return refusal(
            context,
            TEMPLATE,
            error,
            values=form.values,
            next=safe_next(target, ""),
            unverified=isinstance(error, EmailNotVerified),
            **_others(context),
        )
    return await enter(context, begun, target)


def _others(context: RequestContext) -> dict[str, Any]:
    return {"providers": list(identity_providers(context.settings).values())}
