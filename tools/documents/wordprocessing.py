"""A word processor's document (WordprocessingML in a ZIP archive), written by hand: headings, paragraphs, lists, a table.

Only what the format demands, and what makes a document accessible: real headings, real lists, a table whose first row is its head, a title
and the language of its text.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MOMENT = (2026, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same text gives the same bytes."""
PARTS = {"document": "document.main+xml", "styles": "styles+xml", "numbering": "numbering+xml"}
STYLES = (("Title", "Title", 40, 0), ("Heading1", "heading 1", 28, 1), ("Heading2", "heading 2", 24, 2))
"""Identifier, the name that every program knows it by, size in half points, level in the outline (0: none)."""
BULLETS = 1


def docx(source: Mapping[str, Any]) -> bytes:
    """The document of ``title``, ``language`` (a tag such as en-GB) and ``blocks``.

    A block has a ``text`` with an optional ``style`` (see STYLES), or is a ``list`` of texts, or a ``table`` of rows.
    """
    body = "".join(_block(block) for block in source["blocks"])
    files = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            ("officeDocument", OFFICE, "word/document.xml"),
            ("core-properties", f"{PACKAGE}/relationships/metadata", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(source["title"], source["language"]),
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(
            ("styles", OFFICE, "styles.xml"), ("numbering", OFFICE, "numbering.xml")
        ),
        "word/styles.xml": _styles(source["language"]),
        "word/numbering.xml": _numbering(),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, DECLARATION + text)
    return archive.getvalue()


def _block(block: Mapping[str, Any]) -> str:
    if "table" in block:
        return _table(block["table"])
    if "list" in block:
        bullet = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr>'
        return "".join(_paragraph(text, bullet) for text in block["list"])
    style = block.get("style")
    return _paragraph(block["text"], "" if style is None else f"<w:pStyle w:val={quoteattr(style)}/>")


def _paragraph(text: str, properties: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    width = 9000 // len(rows[0])
    columns = f'<w:gridCol w:w="{width}"/>' * len(rows[0])
    head = "<w:trPr><w:tblHeader/></w:trPr>"
    lines = "".join(f"<w:tr>{head if number == 0 else ''}{_cells(row)}</w:tr>" for number, row in enumerate(rows))
    properties = f'<w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblLook w:firstRow="1"/></w:tblPr>'
    # A paragraph has to follow, or the document cannot end here.
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl><w:p/>"


def _cells(row: Iterable[str]) -> str:
    return "".join(f"<w:tc>{_paragraph(text)}</w:tc>" for text in row)


def _types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPE}.{kind}"/>' for name, kind in PARTS.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{number}" Type="{base}/{kind}" Target="{target}"/>'
        for number, (kind, base, target) in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _core(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{escape(language)}</dc:language></cp:coreProperties>"
    )


def _styles(language: str) -> str:
    defaults = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/><w:sz w:val="22"/>'
        f"<w:lang w:val={quoteattr(language)}/></w:rPr></w:rPrDefault>"
        '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    return f'<w:styles xmlns:w="{WORD}">{defaults}{"".join(_style(*style) for style in STYLES)}</w:styles>'


def _style(identifier: str, name: str, size: int, level: int) -> str:
    outline = f'<w:outlineLvl w:val="{level - 1}"/>' if level else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/>{outline}</w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def _numbering() -> str:
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>'
        '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl>'
    )
    return (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
