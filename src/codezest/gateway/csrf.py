"""Proof that a state-changing request comes from our own pages.

A request is trusted when its bearer token says who it is (browsers never add one by themselves), or when its origin is ours
and it repeats the form token that only our pages know. An API call without any cookie of ours acts for nobody and needs
no proof.
"""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers

from codezest.kit import tokens
from codezest.kit.context import RequestContext
from codezest.kit.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPE = "application/x-www-form-urlencoded"
UPLOAD_TYPE = "multipart/form-data"
_FIRST_FIELD = re.compile(
    rb'\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n([^\r\n]{1,200})\r\n--', re.IGNORECASE
)


class CrossSiteRequest(Forbidden):
    code = "csrf-failed"
    title = "This request did not come from our pages"
    default_detail = "Nothing was changed. Reload the page and try again."


def check_origin(headers: Headers, host: str) -> None:
    """Refuse what a browser says comes from another site.

    Raises:
        CrossSiteRequest: Sec-Fetch-Site or Origin names another site.
    """
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise CrossSiteRequest
    origin = headers.get("origin")
    if origin is None:
        return
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:  # no browser sends such a thing
        raise CrossSiteRequest from None
    if netloc != host:
        raise CrossSiteRequest


def check_token(context: RequestContext, presented: str | None) -> None:
    """Refuse a form token that is missing or not that of the caller's cookie.

    Raises:
        CrossSiteRequest: as said.
    """
    key = context.settings.signing_key
    if context.new_csrf_cookie or not tokens.signature_holds(key, "csrf", context.csrf_cookie, presented or ""):
        raise CrossSiteRequest


def token_in_form(body: bytes) -> str | None:
    """The `csrf_token` field of an urlencoded body."""
    try:
        fields = parse_qs(body.decode("latin-1"), max_num_fields=2000)
    except ValueError:
        return None
    return fields.get("csrf_token", [None])[0]


def token_in_upload(boundary: bytes, body: bytes) -> str | None:
    """The `csrf_token` field of a multipart body, which our forms send first: no file is looked through for it."""
    opening = b"--" + boundary
    found = _FIRST_FIELD.match(body, len(opening)) if body.startswith(opening) else None
    return found.group(1).decode("latin-1") if found else None


def reader_of(content_type: str) -> Callable[[bytes], str | None] | None:
    """How the form token is read from a body of this type; None where such a body holds none."""
    kind, _, options = content_type.partition(";")
    if kind.strip().lower() == FORM_TYPE:
        return token_in_form
    boundary = re.search(r'boundary="?([^";,\s]{1,70})', options)
    if kind.strip().lower() == UPLOAD_TYPE and boundary:
        return partial(token_in_upload, boundary.group(1).encode("latin-1", "replace"))
    return None
