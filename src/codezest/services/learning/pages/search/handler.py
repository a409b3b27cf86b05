"""Search everything: a page that works without scripts, and the fragments of the command palette."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import pgettext
from codezest.services.learning.pages.item_kinds import item_icon, item_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.search import LONGEST_QUERY, search
from codezest.services.learning.schemas.search import Found

router = page_router()

ON_THE_PAGE = 30
IN_THE_PALETTE = 8

ABOVE_ITEMS = {"LANGUAGE": "code", "COURSE": "book", "MODULE": "list"}
"""The icons of what holds the items."""

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
        icon_of=icon_of,
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
        "learning/pages/search/options.html", found=found, kind_text=kind_text, place_text=place_text, icon_of=icon_of
    )


def kind_text(found: Found) -> str:
    """What it is, in a few words."""
    match found.kind:
        case "LANGUAGE":
            return pgettext("programming", "Language")
        case "COURSE":
            return _("Course")
        case "MODULE":
            return _("Module")
        case _:
            return item_text(found)


def icon_of(found: Found) -> str:
    """The name of its icon."""
    return ABOVE_ITEMS.get(found.kind) or item_icon(found)


def place_text(found: Found) -> str:
    """Where it belongs to; nothing for what stands by itself."""
    if found.kind in {"LANGUAGE", "COURSE"}:
        return ""
    return " · ".join(part for part in (found.course, found.module) if part)
