"""In which language and in which time zone a reader has the pages: in a cookie, and in the account of whoever has one."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import LOCALE_COOKIE, NOTICES_COOKIE, Context, safe_next
from codezest.kit.errors import ValidationFailed
from codezest.kit.features import notices_of
from codezest.kit.i18n import available_locales, known_zone
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.update_account import update_account
from codezest.services.auth.schemas import AccountUpdate

router = APIRouter(include_in_schema=False)

ONE_YEAR = 365 * 86400


@router.post("/preferences/language")
async def choose_language(request: Request, context: Context) -> Response:
    """Keep the choice and go back to the page it was made on."""
    form = await request.form()
    chosen = str(form.get("language", ""))
    if chosen not in available_locales():
        raise ValidationFailed.of("language", _("Choose one of the languages on offer."))
    if context.actor.signed_in:
        async with context.database.write("auth") as session:
            await update_account(session, context.actor, AccountUpdate(locale=chosen.replace("_", "-")))
    response = context.redirect(safe_next(str(form.get("next", ""))))
    context.set_cookie(response, LOCALE_COOKIE, chosen, max_age=ONE_YEAR)
    return response


@router.post("/preferences/timezone")
async def choose_timezone(request: Request, context: Context) -> Response:
    """Keep the time zone that the browser said it is in."""
    context.actor.require_user()
    form = await request.form()
    chosen = str(form.get("timezone", ""))
    if not known_zone(chosen):
        raise ValidationFailed.of("timezone", _("There is no such time zone."))
    async with context.database.write("auth") as session:
        await update_account(session, context.actor, AccountUpdate(timezone=chosen))
    return context.redirect(safe_next(str(form.get("next", ""))), flash=_("Times are shown as your clock has them."))


@router.post("/preferences/notices")
async def close_notice(request: Request, context: Context) -> Response:
    """Show this reader a notice no more; those that are over are forgotten."""
    form = await request.form()
    closed = {*context.cookies.get(NOTICES_COOKIE, "").split("."), str(form.get("notice", ""))}
    kept = [notice.key for notice in notices_of(context.resources.features.known) if notice.key in closed]
    response = context.redirect(safe_next(str(form.get("next", ""))))
    context.set_cookie(response, NOTICES_COOKIE, ".".join(kept), max_age=ONE_YEAR)
    return response
