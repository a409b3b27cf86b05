"""What others see of one."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth import queries
from codezest.services.auth.actions.update_account import update_profile
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.schemas import ProfileUpdate
from codezest_db.enums import ProfileVisibility

router = account_router()

TEMPLATE = "auth/pages/profile/template.html"
TEXTS = frozenset({"bio", "location", "website", "github_url", "linkedin_url", "twitter_url"})
SWITCHES = frozenset({"shows_progress", "shows_streak"})
SHOWN = TEXTS | {"handle", "visibility"}


@router.get("/account/profile")
async def show_profile(context: Context) -> Response:
    """The form, filled in."""
    return context.page(TEMPLATE, errors=[], messages={}, **await filled_in(context))


@router.post("/account/profile")
async def save_profile(request: Request, context: Context) -> Response:
    """Store what was entered."""
    form = await submitted(request, ProfileUpdate, only=SHOWN, nullable=TEXTS)
    sent = await request.form()
    switches = {name: name in sent for name in SWITCHES}
    try:
        changes = form.read()
        # A box that is not ticked is not sent at all.
        changes = ProfileUpdate.model_validate(changes.model_dump(exclude_unset=True) | switches)
        async with context.database.write("auth") as session:
            await update_profile(session, context.actor, changes)
    except (FormRefused, AppError) as error:
        kept = await filled_in(context)
        kept["values"] = kept["values"] | dict.fromkeys(TEXTS, "") | form.values | switches
        return refusal(context, TEMPLATE, error, **kept)
    return context.redirect("/account/profile", flash=_("Your profile is saved."))


async def filled_in(context: RequestContext) -> dict[str, Any]:
    """What the template needs besides errors."""
    profile = await queries.profile_of(context.database.pool("auth"), context.actor.require_user())
    return {
        "values": {name: getattr(profile, name) or "" for name in SHOWN | SWITCHES},
        "picture": profile.avatar,
        "saved_handle": profile.handle,
        "visibilities": [
            (ProfileVisibility.PUBLIC.value, _("Everybody")),
            (ProfileVisibility.MEMBERS.value, _("People who are logged in")),
            (ProfileVisibility.PRIVATE.value, _("Only you")),
        ],
    }
