"""Choose light, dark, or what the system says."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, safe_next
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _

router = APIRouter()

COOKIE = "codezest_theme"
ONE_YEAR = 365 * 86400


@router.post("/preferences/theme")
async def choose_theme(request: Request, context: Context) -> Response:
    """Keep the choice in a cookie and go back to the page it was made on."""
    form = await request.form()
    theme = form.get("theme")
    if theme not in {"light", "dark", "system"}:
        raise ValidationFailed.of("theme", _("Choose light, dark or system."))
    response = context.redirect(safe_next(str(form.get("next", "")) or _came_from(request)))
    if theme == "system":
        response.delete_cookie(COOKIE, path="/")
    else:
        context.set_cookie(response, COOKIE, str(theme), max_age=ONE_YEAR)
    return response


def _came_from(request: Request) -> str:
    """The path of ours that the form stood on, as far as the browser says."""
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if referer.netloc != request.url.netloc:
        return ""
    return f"{referer.path}?{referer.query}" if referer.query else referer.path
