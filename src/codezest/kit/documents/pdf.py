"""The text of a PDF, page by page, read in a process apart (see `codezest.kit.apart`).

Text is what a search finds and a screen reader reads; how a page looks is for the reader's own viewer to show. Nothing in the
file is followed or run.
"""

import json
import logging
import re
import sys
import time
import unicodedata
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from codezest.kit.apart import Bounds, ask_apart, confine
from codezest.kit.documents.refused import DocumentRefused

MOST_PAGES_READ = 300
MOST_CHARACTERS = 500_000
_READING_SECONDS = 10.0
"""After so much processor time no further page is read."""
_BOUNDS = Bounds(cpu_seconds=20, wall_seconds=60.0, address_space=1 << 30)
_MODULE = "codezest.kit.documents.pdf"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """What is known of a PDF without showing it."""

    pages: int
    texts: list[str]
    """Of the first pages; an empty one has no text, such as a scanned page."""
    complete: bool
    """Whether `texts` holds every page."""


async def pdf_text(file: BinaryIO) -> PdfText:
    """Read an open file.

    Raises:
        DocumentRefused: it is no PDF that can be read, or asks for more than it should.
    """
    answer = await ask_apart(_MODULE, file, bounds=_BOUNDS)
    if not answer:
        raise DocumentRefused("too-complex")
    said: dict[str, Any] = json.loads(answer)
    if "refused" in said:
        raise DocumentRefused(said["refused"])
    return PdfText(**said)


def read_pdf(file: BinaryIO) -> PdfText:
    """As `pdf_text`, within this process and without its limits.

    Raises:
        DocumentRefused: as there.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            return PdfText(pages=1, texts=[], complete=False)
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise DocumentRefused("broken") from None
    if pages == 0:
        raise DocumentRefused("broken")
    texts: list[str] = []
    left = MOST_CHARACTERS
    for number in range(min(pages, MOST_PAGES_READ)):
        if left <= 0 or time.process_time() > _READING_SECONDS:
            break
        texts.append(_page_text(reader, number)[:left])
        left -= len(texts[-1])
    return PdfText(pages=pages, texts=texts, complete=len(texts) == pages and left > 0)


def _page_text(reader: PdfReader, number: int) -> str:
    try:
        raw = reader.pages[number].extract_text()
    except Exception:  # noqa: BLE001 - one page made to break the reader is a page without text
        return ""
    text = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _answer() -> None:
    """What the process does."""
    confine(_BOUNDS)
    try:
        found = read_pdf(cast("BinaryIO", sys.stdin.buffer))
    except DocumentRefused as refused:
        json.dump({"refused": refused.reason}, sys.stdout)
        return
    json.dump({"pages": found.pages, "texts": found.texts, "complete": found.complete}, sys.stdout)


if __name__ == "__main__":
    _answer()
