"""Files to send in, good ones and bad ones, each small."""

import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.500\nHello and welcome.\n"
WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm" + b"\0" * 64
)
SCRIPT = b"<script>alert('polyglot')</script>"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_LINKS = f"{_OFFICE}/officeDocument/2006/relationships"


def png(size: tuple[int, int] = (64, 48), colour: str = "red") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    """A box of an MP4."""
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def mp4(frames: int = 3_000) -> bytes:
    """An MP4 in its outline: players find nothing to play in it, but it is whole."""
    return (
        box(b"ftyp", b"isom\0\0\2\0isomiso2")
        + box(b"moov", b"\0" * 32)
        + box(b"mdat", bytes(range(256)) * (frames // 256))
    )


def pdf(texts: Sequence[str] = ("Hello",), *, catalogue: str = "") -> bytes:
    """A PDF with a line of text on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(texts)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(texts):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("cp1252")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return pdf_of(objects)


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    written = BytesIO(b"")
    written.write(b"%PDF-1.7\n")
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return written.getvalue()


def pdf_bomb(size: int = 400 << 20) -> bytes:
    """A PDF whose one page unpacks to so many bytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"q " * (1 << 19)) for _ in range(size >> 20)) + packer.flush()
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream])


def paragraph(text: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:t>{text}</w:t></w:r></w:p>"


def linked(relation: str, text: str) -> str:
    return f'<w:p><w:hyperlink r:id="{relation}"><w:r><w:t>{text}</w:t></w:r></w:hyperlink></w:p>'


def drawn(relation: str, *, external: bool = False) -> str:
    """A picture in the text; an external one is not in the file."""
    how = "link" if external else "embed"
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="A red square"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:{how}="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def docx(
    body: str = paragraph("Hello"),
    *,
    relations: Sequence[tuple[str, str, str, bool]] = (),
    files: Mapping[str, bytes] | None = None,
    main: str = MAIN,
    before: str = "",
) -> bytes:
    """A DOCX; `relations` are (id, type, target, external), `files` what else lies in it, `before` opens the document."""
    spaces = (
        f'xmlns:w="{_WORD}" xmlns:r="{_LINKS}" xmlns:wp="{_OFFICE}/drawingml/2006/wordprocessingDrawing"'
        f' xmlns:a="{_OFFICE}/drawingml/2006/main" xmlns:pic="{_OFFICE}/drawingml/2006/picture"'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    named = "".join(
        f'<Relationship Id="{name}" Type="{_LINKS}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if external else ''}/>"
        for name, kind, target, external in relations
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="png" ContentType="image/png"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
            f'<Relationship Id="r" Type="{_LINKS}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": f"{before}<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {spaces}>{styles}</w:styles>",
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
            f'<Relationship Id="styles" Type="{_LINKS}/styles" Target="styles.xml"/>{named}</Relationships>'
        ),
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return written.getvalue()


def docx_bomb(size: int = 300 << 20) -> bytes:
    """A DOCX of a few hundred kilobytes that unpacks to so many bytes."""
    written = BytesIO(docx())
    with ZipFile(written, "a", ZIP_DEFLATED, compresslevel=1) as archive, archive.open("word/media/1.png", "w") as part:
        for _ in range(size >> 20):
            part.write(bytes(1 << 20))
    return written.getvalue()
