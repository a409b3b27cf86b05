"""One's own account: names, language, time zone."""

from typing import Any

from babel import Locale
from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import READER, available_locales
from codezest.kit.i18n import gettext as _
from codezest.services.auth import queries
from codezest.services.auth.actions.update_account import update_account
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.rules import timezones
from codezest.services.auth.schemas import AccountUpdate

router = account_router()

TEMPLATE = "auth/pages/account/template.html"


@router.get("/account")
async def show_account(context: Context) -> Response:
    """The form, filled in."""
    user = await queries.user_of(context.database.pool("auth"), context.actor.require_user())
    values = user.model_dump(mode="json")
    return context.page(TEMPLATE, values=values, errors=[], messages={}, **_choices(context))


@router.post("/account")
async def save_account(request: Request, context: Context) -> Response:
    """Store what was entered."""
    form = await submitted(request, AccountUpdate, nullable={"date_of_birth", "avatar_url"})
    try:
        async with context.database.write("auth") as session:
            await update_account(session, context.actor, form.read())
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=form.values, **_choices(context))
    return context.redirect("/account", flash=_("Your account is saved."))


def _choices(context: RequestContext) -> dict[str, Any]:
    reader = READER.get()
    return {
        "email": context.actor.email,
        "locales": [(tag, Locale.parse(tag).get_display_name(reader.locale) or tag) for tag in available_locales()],
        "timezones": [(name, name.replace("_", " ")) for name in timezones()],
    }
