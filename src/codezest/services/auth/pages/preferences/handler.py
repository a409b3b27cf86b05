"""How one wants the interface."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.kit.preferences import EditorPreferences, NotificationPreferences, Preferences
from codezest.services.auth import queries
from codezest.services.auth.actions.update_account import update_profile
from codezest.services.auth.pages.forms import FormRefused, refusal
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.pages.theme.handler import remember_theme
from codezest.services.auth.schemas import ProfileUpdate

router = account_router()

TEMPLATE = "auth/pages/preferences/template.html"


@router.get("/account/preferences")
async def show_preferences(context: Context) -> Response:
    """The form, filled in."""
    profile = await queries.profile_of(context.database.pool("auth"), context.actor.require_user())
    return context.page(TEMPLATE, errors=[], messages={}, values=_flat(profile.preferences), **_choices())


@router.post("/account/preferences")
async def save_preferences(request: Request, context: Context) -> Response:
    """Store what was chosen."""
    sent = await request.form()
    try:
        preferences = _read(sent)
    except ValidationError as error:
        wrong = [".".join(map(str, item["loc"])).replace(".", "_") for item in error.errors(include_url=False)]
        refused = FormRefused([(name, _("Choose one of the values offered.")) for name in dict.fromkeys(wrong)])
        values = _flat(Preferences()) | {name: text for name, text in sent.items() if isinstance(text, str)}
        return refusal(context, TEMPLATE, refused, values=values, **_choices())
    async with context.database.write("auth") as session:
        await update_profile(session, context.actor, ProfileUpdate(preferences=preferences))
    response = context.redirect("/account/preferences", flash=_("Your preferences are saved."))
    remember_theme(context, response, preferences.theme)
    return response


def _read(sent: FormData) -> Preferences:
    """What a form says, where a box that is not ticked is not sent at all. Raises ValidationError."""

    def number(name: str) -> int | str:
        text = str(sent.get(name, ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text

    return Preferences.model_validate(
        {
            "theme": sent.get("theme", "system"),
            "editor": {
                "theme": sent.get("editor_theme", "auto"),
                "size": number("editor_size"),
                "tab_width": number("editor_tab_width"),
                "keys": sent.get("editor_keys", "default"),
                "plain": "editor_plain" in sent,
                "wrap": "editor_wrap" in sent,
            },
            "notifications": {name: f"notifications_{name}" in sent for name in NotificationPreferences.model_fields},
            "reduced_data": "reduced_data" in sent,
        }
    )


def _flat(preferences: Preferences) -> dict[str, Any]:
    """The values by the names of their fields in the form."""
    values: dict[str, Any] = {"theme": preferences.theme, "reduced_data": preferences.reduced_data}
    for name in EditorPreferences.model_fields:
        values[f"editor_{name}"] = getattr(preferences.editor, name)
    for name in NotificationPreferences.model_fields:
        values[f"notifications_{name}"] = getattr(preferences.notifications, name)
    return values


def _choices() -> dict[str, Any]:
    return {
        "themes": [("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        "editor_themes": [
            ("auto", _("As the page")),
            ("light", _("Light")),
            ("dark", _("Dark")),
            ("contrast", _("High contrast")),
        ],
        "sizes": [(size, f"{size} px") for size in (10, 12, 13, 14, 15, 16, 18, 20, 24, 28, 32)],
        "widths": [(width, str(width)) for width in (1, 2, 3, 4, 6, 8)],
        "keys": [("default", _("Usual")), ("vim", "Vim"), ("emacs", "Emacs")],
    }
