"""What others see of one."""

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth import queries
from codezest.services.auth.actions.update_account import update_profile
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.schemas import ProfileUpdate

router = account_router()

TEMPLATE = "auth/pages/profile/template.html"
SHOWN = frozenset({"bio", "location", "website", "github_url", "linkedin_url", "twitter_url"})


@router.get("/account/profile")
async def show_profile(context: Context) -> Response:
    """The form, filled in."""
    profile = await queries.profile_of(context.database.pool("auth"), context.actor.require_user())
    values = {name: getattr(profile, name) or "" for name in SHOWN}
    return context.page(TEMPLATE, values=values, errors=[], messages={})


@router.post("/account/profile")
async def save_profile(request: Request, context: Context) -> Response:
    """Store what was entered."""
    form = await submitted(request, ProfileUpdate, only=SHOWN, nullable=SHOWN)
    try:
        async with context.database.write("auth") as session:
            await update_profile(session, context.actor, form.read())
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=dict.fromkeys(SHOWN, "") | form.values)
    return context.redirect("/account/profile", flash=_("Your profile is saved."))
