"""Settings of the platform: a form for each, so that two administrators disturb each other as little as possible."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.features import LONGEST_NOTICE
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.change_feature import change_feature
from codezest.services.auth.errors import FeatureNotFound
from codezest.services.auth.pages.admin.routing import admin_router
from codezest.services.auth.pages.forms import refusal
from codezest.services.auth.queries.features import features
from codezest.services.auth.rules import Origin

router = admin_router()

HOME = "/admin/features"
TEMPLATE = "auth/pages/admin/features/template.html"


@router.get(HOME)
async def show_settings(context: Context) -> Response:
    """The forms."""
    return context.page(TEMPLATE, errors=[], messages={}, sent={}, **await _shown(context))


@router.post("/admin/features/{key}")
async def save_setting(key: str, request: Request, context: Context) -> Response:
    """Store one setting."""
    form = await request.form()
    text, revision = str(form.get("value", "")), str(form.get("revision", ""))
    known = {one.key: one for one in await features(context.database.pool("auth"), context.actor)}
    if key not in known:
        raise FeatureNotFound
    value: Any = {"on": True, "off": False}.get(text, text) if isinstance(known[key].default, bool) else text
    number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    try:
        async with context.database.write("auth") as session:
            await change_feature(
                session,
                context.actor,
                key,
                value=value.replace("\r\n", "\n") if isinstance(value, str) else value,
                revision=number,
                origin=Origin.of(context.client_address, context.user_agent),
            )
    except AppError as error:
        return refusal(context, TEMPLATE, error, sent={key: text}, **await _shown(context))
    context.resources.features.forget()
    await context.resources.features.refresh()
    return context.redirect(HOME, flash=_("The setting is saved."))


async def _shown(context: RequestContext) -> dict[str, Any]:
    words = {
        "registration": (_("New accounts"), _("Who may have a new account.")),
        "self_enrollment": (
            _("Joining courses"),
            _("Whether learners may join by themselves. Otherwise a code, or those who teach, let them in."),
        ),
        "reviews": (_("Reviews"), _("Whether learners may rate and review courses.")),
        "model_analysis": (
            _("Analysis by a language model"),
            _("Whether work may be sent to the configured model. Without it the analysis on this server goes on."),
        ),
        "announcement": (_("Announcement"), _("Stands on every page until its reader closes it.")),
        "maintenance_notice": (
            _("Warning of maintenance"),
            _("Stands on every page as a warning. Leave it empty when it is over."),
        ),
    }
    choices = {"OPEN": _("Everybody"), "INVITE_ONLY": _("Only who is invited"), "CLOSED": _("Nobody")}
    return {
        "settings": [
            {
                "key": one.key,
                "title": words[one.key][0],
                "hint": words[one.key][1],
                "value": _as_text(one.value),
                "options": _options(one.default, one.choices, choices),
                "revision": one.revision,
                "changed_at": one.updated_at,
                "changed_by": one.updated_by_name,
            }
            for one in await features(context.database.pool("auth"), context.actor)
        ],
        "longest": LONGEST_NOTICE,
    }


def _as_text(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _options(default: Any, values: list[str] | None, names: dict[str, str]) -> list[tuple[str, str]]:
    if isinstance(default, bool):
        return [("on", _("Yes")), ("off", _("No"))]
    return [(value, names.get(value, value)) for value in values or []]
