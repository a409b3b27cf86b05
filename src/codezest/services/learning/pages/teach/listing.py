"""Lists of the studio that come page by page: what narrows them, and the way to the next page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from codezest.kit.i18n import gettext as _
from codezest.services.learning.queries.cohorts_and_codes import Wanted
from codezest.services.learning.schemas.enrolling import InUse

PAGE = 50


def wanted_of(words: str, in_use: str) -> Wanted:
    """A filter of no meaning lets all through."""
    known: dict[str, InUse] = {"yes": "yes", "no": "no"}
    return Wanted(words=words, in_use=known.get(in_use))


def listing(here: str, wanted: Wanted, *, cursor: str | None, next_cursor: str | None) -> dict[str, Any]:
    """The values of `listing.html`."""
    kept = {name: value for name, value in (("q", wanted.words.strip()), ("in_use", wanted.in_use or "")) if value}
    return {
        "here": here,
        "sought": wanted.words.strip(),
        "in_use": wanted.in_use or "",
        "uses": [("", _("Any")), ("yes", _("In use")), ("no", _("Out of use"))],
        "filtered": bool(kept),
        "first_page": address(here, kept) if cursor else None,
        "next_page": address(here, kept | {"cursor": next_cursor}) if next_cursor else None,
    }


def address(here: str, kept: Mapping[str, str]) -> str:
    """A page with what was chosen on it."""
    return f"{here}?{urlencode(kept)}" if kept else here
