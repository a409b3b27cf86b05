"""Which characters a name may hold, and which handles could be taken for the platform itself. Pure.

A name stands beside others' names: it must not be invisible, turn the text round it, or look like somebody official.
"""

import re
import unicodedata

from codezest.kit.i18n import gettext as _

HANDLE_MIN = 3
HANDLE_MAX = 30
RESERVED_HANDLES = frozenset(
    """
    about abuse account accounts admin administrator api billing blog contact course courses dashboard deleted docs everyone
    edit help home info instructor languages legal login logout mail me media moderator new news none nobody null official
    owner people postmaster privacy profile register root search security settings sign-in sign-up staff static status
    studio support system team terms undefined user users webmaster you
    """.split()  # noqa: SIM905 - a list to read and extend
)
OWN_NAME = "codezest"
JOINERS = "\u200c\u200d"
"""Without which Persian, Hindi and others cannot be written; elsewhere they are invisible."""
MARKS = "\u200e\u200f\u061c"
"""Directions that writers of Arabic and Hebrew set; they end where the paragraph does."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5"
"""Letters by their category, nothing to the eye."""
_LINES = frozenset({"Cc", "Zl", "Zp", "Cs"})
_JOINED = frozenset({"L", "M", "N", "S"})
_LOOKALIKES = str.maketrans("0134578i", "oleastbl")


def one_line(text: str) -> str:
    """The text in NFC without surrounding space; it may be empty.

    Raises:
        ValueError: it holds characters that control, hide or turn text.
    """
    if any(unicodedata.category(character) in _LINES for character in text):
        raise ValueError(_("Use letters, not control characters."))
    line = unicodedata.normalize("NFC", text).strip()
    if any(_hidden(line, at) for at in range(len(line))):
        raise ValueError(_("Leave out characters that cannot be seen."))
    return line


def readable_text(text: str) -> str:
    """The text itself, which may have lines and go from right to left.

    Raises:
        ValueError: it holds characters that control the terminal, or reorder what stands round them.
    """
    for character in text:
        category = unicodedata.category(character)
        hides = category == "Cf" and character not in JOINERS + MARKS and not _is_tag(character)
        if hides or (category in _LINES and character not in "\n\r\t"):
            raise ValueError(_("Leave out characters that cannot be seen."))
    return text


def clean_handle(text: str) -> str:
    """The name of a public page: letters and digits of ASCII, with single hyphens between them.

    Raises:
        ValueError: it is anything else, or could be taken for the platform itself.
    """
    handle = text.strip(" ").removeprefix("@")
    if not re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", handle):
        raise ValueError(_("Use letters without accents and digits, with single hyphens between them."))
    if not HANDLE_MIN <= len(handle) <= HANDLE_MAX:
        raise ValueError(_("Use %(least)s to %(most)s characters.") % {"least": HANDLE_MIN, "most": HANDLE_MAX})
    shape = _shape(handle)
    if shape in _RESERVED_SHAPES or _shape(OWN_NAME) in shape:
        raise ValueError(_("This name is reserved. Choose another."))
    return handle


def _hidden(line: str, at: int) -> bool:
    character = line[at]
    if character in JOINERS:
        before, after = line[at - 1 : at], line[at + 1 : at + 2]
        return not (_joins(before) and _joins(after))
    return character in BLANKS or (unicodedata.category(character) == "Cf" and not _is_tag(character, line[:at]))


def _joins(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in _JOINED and not character.isascii()


def _is_tag(character: str, before: str | None = None) -> bool:
    """Whether it spells the name of a flag, such as that of Scotland, which begins with a black one."""
    return 0xE0020 <= ord(character) <= 0xE007F and (before is None or "\U0001f3f4" in before)


def _shape(handle: str) -> str:
    """The handle as a hasty reader sees it."""
    return handle.casefold().replace("-", "").translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w")


_RESERVED_SHAPES = frozenset(map(_shape, RESERVED_HANDLES))
