"""Search everything: a page that works without scripts, and the fragments of the command palette."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import pgettext
from codezest.services.learning.pages.outline import material_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.search import LONGEST_QUERY, search
from codezest.services.learning.schemas.search import Found

router = page_router()

ON_THE_PAGE = 30
IN_THE_PALETTE = 8

ICONS = {
    "LANGUAGE": "code",
    "COURSE": "book",
    "MODULE": "list",
    "MATERIAL": "file",
    "ASSIGNMENT": "keyboard",
    "QUIZ": "help",
}

Asked = Annotated[str, Query()]


@router.get("/search")
async def search_page(context: Context, q: Asked = "") -> HTMLResponse:
    """What is found, on a page; without a query the field to write one."""
    found = await search(context.database.pool("learning"), context.actor, q, limit=ON_THE_PAGE)
    return context.page(
        "learning/pages/search/template.html",
        found=found,
        kind_text=kind_text,
        place_text=place_text,
        icons=ICONS,
        longest=LONGEST_QUERY,
    )


@router.get("/search/palette")
async def palette(context: Context) -> HTMLResponse:
    """The dialog with its commands, in the reader's language; a script asks for it when it is first opened."""
    return context.page("learning/pages/search/palette.html", longest=LONGEST_QUERY)


@router.get("/search/options")
async def options(context: Context, q: Asked = "") -> HTMLResponse:
    """What is found, as options of the palette's list."""
    found = await search(context.database.pool("learning"), context.actor, q, limit=IN_THE_PALETTE)
    return context.page(
        "learning/pages/search/options.html", found=found, kind_text=kind_text, place_text=place_text, icons=ICONS
    )


def kind_text(found: Found) -> str:
    """What it is, in one word."""
    if found.material_type is not None:
        return material_text(found.material_type)
    return {
        "LANGUAGE": pgettext("programming", "Language"),
        "COURSE": _("Course"),
        "MODULE": _("Module"),
        "ASSIGNMENT": _("Exercise"),
        "QUIZ": _("Quiz"),
    }.get(found.kind, "")


def place_text(found: Found) -> str:
    """Where it belongs to; nothing for what stands by itself."""
    if found.kind in {"LANGUAGE", "COURSE"}:
        return ""
    return " · ".join(part for part in (found.course, found.module) if part)
