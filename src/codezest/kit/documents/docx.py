"""A DOCX as markup for a page, made once, in a process apart (see `codezest.kit.apart`).

Structure is kept (headings, lists, tables, links, pictures), looks are not. The archive is measured before it is opened; macros,
linked files and embedded objects are never looked at. What comes out goes through the same sanitiser as authors' Markdown,
here in our own process, so that whatever happened in the other one, no page gets more than that lets through.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, cast
from zipfile import BadZipFile, ZipFile

import mammoth
import nh3

from codezest.kit.apart import Bounds, ask_apart, confine
from codezest.kit.documents.refused import DocumentRefused

MOST_PARTS = 3_000
MOST_UNPACKED_BYTES = 200 << 20
MOST_XML_BYTES = 40 << 20
MOST_PICTURES = 40
MOST_PICTURE_BYTES = 40 << 20
MOST_HTML_CHARACTERS = 3_000_000
PLACEHOLDER = "picture:"
"""Begins the source of a picture in the markup; its number follows."""

_BOUNDS = Bounds(cpu_seconds=30, wall_seconds=90.0, address_space=1 << 30)
_MODULE = "codezest.kit.documents.docx"
_PREFIX = "doc-"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = b"application/vnd.ms-word.document.macroEnabled"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00D|\x00<\x00!\x00D", re.IGNORECASE)
_TAGS = {
    "a", "blockquote", "br", "em", "h1", "h2", "h3", "h4", "h5", "h6", "img", "li", "ol", "p", "pre", "s", "strong", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_HEADING = re.compile(r"<(/?)h([1-6])\b([^>]*)>")


@dataclass(frozen=True, slots=True)
class DocxPage:
    """What a DOCX holds."""

    html: str
    """Sanitised; its headings begin at h2, its pictures' sources at `PLACEHOLDER`."""
    pictures: list[bytes]
    """As they were in the file: nothing to hand on before they were drawn anew."""


class _Image(Protocol):
    alt_text: str | None

    def open(self) -> Any: ...


async def docx_page(file: BinaryIO) -> DocxPage:
    """Convert an open file.

    Raises:
        DocumentRefused: it is no DOCX, cannot be read, holds macros, or asks for more than it should.
    """
    answer = await ask_apart(_MODULE, file, bounds=_BOUNDS)
    head, _, body = answer.partition(b"\n")
    if not head:
        raise DocumentRefused("too-complex")
    said: dict[str, Any] = json.loads(head)
    if "refused" in said:
        raise DocumentRefused(said["refused"])
    pictures: list[bytes] = []
    for length in said["pictures"]:
        pictures.append(body[:length])
        body = body[length:]
    return DocxPage(clean_markup(str(said["html"])), pictures)


def clean_markup(html: str) -> str:
    """Markup that may stand in a page: no script, no style, links to elsewhere or within the document alone."""
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", PLACEHOLDER.rstrip(":")},
        link_rel="noopener noreferrer",
    )
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", clean)]
    shift = 2 - min(levels) if levels else 0
    number = 0

    def shifted(match: re.Match[str]) -> str:
        nonlocal number
        level = min(6, int(match[2]) + shift)
        if match[1]:
            return f"</h{level}>"
        number += 1
        return f'<h{level} id="{_PREFIX}part-{number}">'

    return _HEADING.sub(shifted, clean)


def _kept(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if re.match(rf"https?://|mailto:|#{_PREFIX}", value) else None
    if name == "src":
        return value if re.fullmatch(rf"{PLACEHOLDER}\d{{1,3}}", value) else None
    if name == "id":
        return value if value.startswith(_PREFIX) else None
    if name in {"colspan", "rowspan"}:
        return value if re.fullmatch(r"\d{1,2}", value) else None
    return value


def read_docx(file: BinaryIO) -> tuple[str, list[bytes]]:
    """The markup, not sanitised yet, and the pictures, within this process and without its limits.

    Raises:
        DocumentRefused: as `docx_page`.
    """
    _measure(file)
    pictures: list[bytes] = []
    convert: Callable[..., Any] = mammoth.convert_to_html
    try:
        result = convert(
            file,
            convert_image=mammoth.images.img_element(_collecting(pictures)),
            include_embedded_style_map=False,
            external_file_access=False,
            id_prefix=_PREFIX,
        )
    except RecursionError:
        raise DocumentRefused("too-complex") from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the parsers beneath raise anything on a file made to break them
        raise DocumentRefused("broken") from None
    html = str(result.value)
    if len(html) > MOST_HTML_CHARACTERS:
        raise DocumentRefused("too-complex")
    return html, pictures


def _collecting(pictures: list[bytes]) -> Callable[[_Image], Mapping[str, str]]:
    total = 0

    def collect(image: _Image) -> Mapping[str, str]:
        nonlocal total
        if len(pictures) >= MOST_PICTURES:
            return {"src": ""}
        with image.open() as opened:
            content: bytes = opened.read(MOST_PICTURE_BYTES - total + 1)
        if total + len(content) > MOST_PICTURE_BYTES:
            return {"src": ""}
        total += len(content)
        pictures.append(content)
        return {"src": f"{PLACEHOLDER}{len(pictures) - 1}"}

    return collect


def _measure(file: BinaryIO) -> None:
    """Refuse an archive that is no DOCX, or that unpacks to more than a document needs."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            sizes = {part.filename: part.file_size for part in parts}
            texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            if len(parts) > MOST_PARTS or len(sizes) < len(parts) or sum(sizes.values()) > MOST_UNPACKED_BYTES:
                raise DocumentRefused("too-complex")
            if sum(part.file_size for part in texts) > MOST_XML_BYTES:
                raise DocumentRefused("too-complex")
            if "[Content_Types].xml" not in sizes or sizes["[Content_Types].xml"] > 1 << 20:
                raise DocumentRefused("unknown-format")
            types = archive.read("[Content_Types].xml")
            if _MACROS in types:
                raise DocumentRefused("macros")
            if _MAIN not in types:
                raise DocumentRefused("unknown-format")
            for part in texts:
                with archive.open(part) as opened:
                    if _DECLARATION.search(opened.read(4096)):
                        raise DocumentRefused("broken")
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError, EOFError) as error:
        raise error if isinstance(error, DocumentRefused) else DocumentRefused("broken") from None


def _answer() -> None:
    """What the process does."""
    confine(_BOUNDS)
    output = sys.stdout.buffer
    try:
        html, pictures = read_docx(cast("BinaryIO", sys.stdin.buffer))
    except DocumentRefused as refused:
        output.write(json.dumps({"refused": refused.reason}).encode() + b"\n")
        return
    output.write(json.dumps({"html": html, "pictures": [len(picture) for picture in pictures]}).encode() + b"\n")
    for picture in pictures:
        output.write(picture)


if __name__ == "__main__":
    _answer()
