"""Read a list of learners to be enrolled: pasted addresses, or what a spreadsheet saves as CSV."""

import codecs
import re

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.table_rows import table_rows
from codezest.services.learning.schemas.enrolling import Line

MOST_LINES = 5_000
MOST_BYTES = 900_000
LONGEST_EMAIL = 320
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+\.[^\s@,;:<>()\[\]\"\\]+")
EMAIL_HEADINGS = frozenset(
    {"email", "e-mail", "mail", "address", "e-mail address", "email address", "correo", "correo electrónico"}
)
COHORT_HEADINGS = frozenset({"cohort", "group", "class", "cohorte", "grupo"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else what spreadsheets write on Windows.

    Raises:
        ValidationFailed: it is too large, or no text at all.
    """
    if len(content) > MOST_BYTES:
        raise ValidationFailed.of("file", _("At most %(most)s bytes are accepted.") % {"most": MOST_BYTES})
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationFailed.of("file", _("This is no text. Save the table as CSV, then try again."))


def lines_of(text: str) -> list[Line]:
    """Every line that holds something, in order.

    Raises:
        ValidationFailed: there are too many, none at all, or quotes that are never closed.
    """
    found: list[Line] = []
    seen: dict[str, int] = {}
    columns = (0, 1)
    for number, cells in table_rows(text):
        if not found and (named := _headings(cells)) is not None:
            columns = named
            continue
        if len(found) >= MOST_LINES:
            raise ValidationFailed.of(
                "text", _("At most %(most)s lines at once. Split the list.") % {"most": MOST_LINES}
            )
        line = _line(number, cells, columns, seen)
        seen.setdefault(line.email.casefold(), number)
        found.append(line)
    if not found:
        raise ValidationFailed.of("text", _("There is no address in it."))
    return found


def _headings(cells: list[str]) -> tuple[int, int | None] | None:
    """Where address and cohort stand, if these cells are a table's headings."""
    names = [cell.casefold() for cell in cells]
    email = next((place for place, name in enumerate(names) if name in EMAIL_HEADINGS), None)
    if email is None:
        return None
    return email, next((place for place, name in enumerate(names) if name in COHORT_HEADINGS), None)


def _line(number: int, cells: list[str], columns: tuple[int, int | None], seen: dict[str, int]) -> Line:
    at_email, at_cohort = columns
    email = cells[at_email] if at_email < len(cells) else ""
    cohort = cells[at_cohort] if at_cohort is not None and at_cohort < len(cells) else ""
    problem = None
    if len(email) > LONGEST_EMAIL or not ADDRESS.fullmatch(email) or not email.isprintable():
        problem = _("This is no e-mail address.")
    elif (first := seen.get(email.casefold())) is not None:
        problem = _("This address stands in line %(number)s already.") % {"number": first}
    return Line(number=number, email=email[:LONGEST_EMAIL], cohort=cohort[:200] or None, problem=problem)
