"""Names of files as people gave them, fit to be shown and to be saved under."""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

LONGEST = 120
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Control characters, and those that let a name look like another."""
_RESERVED = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def file_name(given: str, *, extension: str, allowed: Collection[str] = (), fallback: str = "file") -> str:
    """The last part of the name, without what does not belong there, ending as its content demands.

    Args:
        given: what the sender called it; anything at all.
        extension: what the name ends on unless `allowed` holds what it does end on.
        allowed: further extensions that fit the content.
        fallback: the name where nothing is left of it.
    """
    last = unicodedata.normalize("NFC", given.encode("utf-8", "replace").decode()).replace("\\", "/").rpartition("/")[2]
    clean = " ".join(_RESERVED.sub("", _HIDDEN.sub("", last)).split()).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    ending = ending.lower()
    if not dot or not _EXTENSION.fullmatch(ending):
        stem, ending = clean, ""
    if ending != extension and ending not in allowed:
        ending = extension
    return f"{(stem[: LONGEST - len(ending) - 1].strip('. ') or fallback)}.{ending}"


def disposition(name: str, *, inline: bool) -> str:
    """The value of Content-Disposition."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
