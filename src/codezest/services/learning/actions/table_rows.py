"""The rows of a table as people paste it or a spreadsheet saves it as CSV."""

import csv
import io
from collections.abc import Iterator

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _


def table_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that holds something, with its number. The first such line tells what parts the cells.

    Raises:
        ValidationFailed: quotes are never closed.
    """
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValidationFailed.of(
                "text", _("Line %(number)s cannot be read as CSV: its quotes do not fit.") % {"number": number}
            ) from error
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield number, cells
