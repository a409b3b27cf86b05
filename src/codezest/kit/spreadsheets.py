"""Tables as CSV that no spreadsheet takes for a program."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from numbers import Number
from urllib.parse import quote

from fastapi.responses import StreamingResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet may calculate, and run programs by."""
BYTE_ORDER_MARK = "\ufeff"
"""Without it some spreadsheets read UTF-8 as something else."""


def csv_line(cells: Sequence[object]) -> str:
    """One line. What could be taken for a formula gets an apostrophe before it; None is an empty cell."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Several lines."""
    return "".join(csv_line(row) for row in rows)


def _harmless(cell: object) -> object:
    if cell is None or isinstance(cell, Number):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_download(filename: str, heading: Sequence[str], rows: AsyncIterable[Sequence[object]]) -> StreamingResponse:
    """A download, sent as its rows come, so that it needs no memory however long it is."""

    async def lines() -> AsyncIterator[str]:
        yield BYTE_ORDER_MARK + csv_line(heading)
        async for row in rows:
            yield csv_line(row)

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
        },
    )
