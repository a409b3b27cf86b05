"""Move one's account to another address."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.change_email import change_email
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.queries.email_changes import has_password, pending_address
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.account import EmailChangeRequest
from codezest.services.auth.ways_in.errors import ProofNeeded

HOME = "/account/email"

router = proved_router(HOME)

TEMPLATE = "auth/pages/email/template.html"


@router.get(HOME)
async def show_form(context: Context) -> Response:
    """The form, and the address that waits for its confirmation."""
    return context.page(TEMPLATE, values={}, errors=[], messages={}, **await _state(context))


@router.post(HOME)
async def ask(request: Request, context: Context) -> Response:
    """Have a letter sent to the new address."""
    form = await submitted(request, EmailChangeRequest, nullable={"current_password"})
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await change_email(context.database, context.settings, context.actor, form.read(), origin)
    except ProofNeeded:
        raise
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values, **await _state(context))
    return context.redirect(HOME, flash=_("We have sent a mail to your new address. Open the link in it."), kind="info")


async def _state(context: RequestContext) -> dict[str, Any]:
    pool, user_id = context.database.pool("auth"), context.actor.require_user()
    return {"pending": await pending_address(pool, user_id), "has_password": await has_password(pool, user_id)}
