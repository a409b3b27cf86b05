"""Choose light, dark, or what the system says."""

from typing import cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.preferences import Theme
from codezest.services.auth.actions.update_account import update_profile
from codezest.services.auth.schemas import ProfileUpdate

router = APIRouter()

COOKIE = "codezest_theme"
ONE_YEAR = 365 * 86400


@router.post("/preferences/theme")
async def choose_theme(request: Request, context: Context) -> Response:
    """Keep the choice, in this browser and for an account, and go back to the page it was made on."""
    form = await request.form()
    theme = form.get("theme")
    if theme not in {"light", "dark", "system"}:
        raise ValidationFailed.of("theme", _("Choose light, dark or system."))
    chosen = cast("Theme", theme)
    if context.actor.signed_in and context.actor.preferences.theme != chosen:
        preferences = context.actor.preferences.model_copy(update={"theme": chosen})
        async with context.database.write("auth") as session:
            await update_profile(session, context.actor, ProfileUpdate(preferences=preferences))
    response = context.redirect(safe_next(str(form.get("next", "")) or _came_from(request)))
    remember_theme(context, response, chosen)
    return response


def remember_theme(context: RequestContext, response: Response, theme: Theme) -> None:
    """Keep the choice in this browser, where it holds without an account too."""
    if theme == "system":
        context.delete_cookie(response, COOKIE)
    else:
        context.set_cookie(response, COOKIE, theme, max_age=ONE_YEAR)


def _came_from(request: Request) -> str:
    """The path of ours that the form stood on, as far as the browser says."""
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if referer.netloc != request.url.netloc:
        return ""
    return f"{referer.path}?{referer.query}" if referer.query else referer.path
