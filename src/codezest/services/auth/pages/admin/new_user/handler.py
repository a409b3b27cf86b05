"""Invite somebody."""

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.administration.invite_user import invite_user
from codezest.services.auth.pages.admin import words
from codezest.services.auth.pages.admin.routing import admin_router
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.administration import Invitation
from codezest.services.auth.ways_in.queries import is_proved

router = admin_router()

TEMPLATE = "auth/pages/admin/new_user/template.html"


@router.get("/admin/users/new")
async def show_form(context: Context) -> Response:
    """The form."""
    proved = await is_proved(context.database.pool("auth"), context.actor.session_id)
    values = {"email": "", "first_name": "", "last_name": "", "role": "STUDENT"}
    return context.page(TEMPLATE, errors=[], messages={}, values=values, roles=words.roles(), proved=proved)


@router.post("/admin/users/new")
async def invite(request: Request, context: Context) -> Response:
    """Make the account and have the letter sent."""
    form = await submitted(request, Invitation)
    try:
        invitation = form.read()
        async with context.database.write("auth") as session:
            invited = await invite_user(
                session, context.actor, invitation, Origin.of(context.client_address, context.user_agent)
            )
    except (FormRefused, AppError) as error:
        values = {"email": "", "first_name": "", "last_name": "", "role": "STUDENT"} | form.values
        proved = await is_proved(context.database.pool("auth"), context.actor.session_id)
        return refusal(context, TEMPLATE, error, values=values, roles=words.roles(), proved=proved)
    return context.redirect(f"/admin/users/{invited.user_id}", flash=_("The invitation is on its way."))
