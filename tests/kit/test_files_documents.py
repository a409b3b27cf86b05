"""Documents that people send in, read in a process apart, whatever they hold."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from codezest.kit.documents.docx import clean_markup, docx_page
from codezest.kit.documents.pdf import MOST_PAGES_READ, pdf_text
from codezest.kit.documents.refused import DocumentRefused
from codezest.kit.pictures import PictureRefused, fitted_pictures
from factories.files import MACROS, docx, docx_bomb, drawn, linked, paragraph, pdf, pdf_bomb, pdf_of, png
from services.auth.pictures import bomb

Opened = Callable[[bytes], BinaryIO]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def write(content: bytes) -> BinaryIO:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path.open("rb")

    return write


async def test_the_text_of_a_pdf_is_read_page_by_page(opened: Opened) -> None:
    with opened(
        pdf(["First page", "Second \\(page\\)"], catalogue="/OpenAction << /S /JavaScript /JS (app.alert) >>")
    ) as file:
        file.read(10)  # wherever it stood
        found = await pdf_text(file)
        assert file.tell() == 0
        assert file.read(5) == b"%PDF-"
    assert (found.pages, found.texts, found.complete) == (2, ["First page", "Second (page)"], True)


async def test_of_a_long_pdf_the_first_pages_are_read(opened: Opened) -> None:
    with opened(pdf(["x"] * (MOST_PAGES_READ + 5))) as file:
        found = await pdf_text(file)
    assert (found.pages, len(found.texts), found.complete) == (MOST_PAGES_READ + 5, MOST_PAGES_READ, False)


LOOP = pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", pdf()[:150], b"%PDF-1.7\n" + b"x" * 5000, pdf_of([b"<< /Type /Catalog >>"])],
    ids=["only a head", "truncated", "noise", "no pages"],
)
async def test_a_pdf_that_cannot_be_read_is_refused(opened: Opened, content: bytes) -> None:
    with opened(content) as file, pytest.raises(DocumentRefused):
        await pdf_text(file)


@pytest.mark.parametrize("content", [LOOP, pdf_bomb()], ids=["loop", "bomb"])
async def test_a_pdf_made_to_take_everything_takes_little(opened: Opened, content: bytes) -> None:
    """Refused, or read as a page without text: either way nothing is lost but that file."""
    with opened(content) as file:
        try:
            assert not any((await pdf_text(file)).texts)
        except DocumentRefused as refused:
            assert refused.reason in {"broken", "too-complex"}  # noqa: PT017 - either way is right


async def test_a_docx_becomes_markup_that_fits_the_page(opened: Opened) -> None:
    body = (
        paragraph("Title", "Heading1") + paragraph("Part", "Heading2") + paragraph("A &lt;b&gt; text")
        + linked("good", "here") + linked("bad", "there") + drawn("in") + drawn("out", external=True)
    )  # fmt: skip
    relations = [
        ("good", "hyperlink", "https://example.org/a?b=1", True),
        ("bad", "hyperlink", "javascript:alert(1)", True),
        ("in", "image", "media/1.png", False),
        ("out", "image", "file:///etc/passwd", True),
    ]
    extra = {"word/media/1.png": png(), "word/vbaProject.bin": b"macro", "word/embeddings/1.bin": b"object"}
    with opened(docx(body, relations=relations, files=extra)) as file:
        page = await docx_page(file)
    assert '<h2 id="doc-part-1">Title</h2>' in page.html
    assert '<h3 id="doc-part-2">Part</h3>' in page.html
    assert "A &lt;b&gt; text" in page.html
    assert 'href="https://example.org/a?b=1"' in page.html
    assert "javascript" not in page.html
    assert "there" in page.html
    assert 'src="picture:0"' in page.html
    assert "passwd" not in page.html
    assert page.pictures == [png()]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx()[:200], "broken"),
        (docx(main=MACROS), "macros"),
        (docx(main="application/xml"), "unknown-format"),
        (docx_bomb(), "too-complex"),
        (docx(files={f"word/{n}.bin": b"" for n in range(3_000)}), "too-complex"),
        (docx(before='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "broken"),
        (docx("<w:p>"), "broken"),
    ],
    ids=["truncated", "macros", "another archive", "bomb", "many parts", "entities", "malformed"],
)
async def test_a_docx_that_is_none_or_too_much_is_refused(opened: Opened, content: bytes, reason: str) -> None:
    with opened(content) as file, pytest.raises(DocumentRefused) as refused:
        await docx_page(file)
    assert refused.value.reason == reason


def test_the_sanitiser_has_the_last_word() -> None:
    clean = clean_markup(
        '<p id="main" style="x" onclick="y">a<script>alert(1)</script><img src="https://elsewhere/x.png"><img src="picture:1">'
        '<iframe src="x"></iframe><a href="/logout">b</a><a href="#doc-x">c</a></p>'
    )
    for gone in ("script", "onclick", "style", "elsewhere", "iframe", "logout", 'id="main"'):
        assert gone not in clean
    assert 'src="picture:1"' in clean
    assert 'href="#doc-x"' in clean


async def test_a_picture_is_fitted_and_never_enlarged() -> None:
    large, small = await fitted_pictures(png((900, 300)), (1600, 300))
    assert [(one.width, one.height) for one in (large, small)] == [(900, 300), (300, 100)]
    with pytest.raises(PictureRefused, match="too-many-pixels"):
        await fitted_pictures(bomb(), (1600,))
    with pytest.raises(PictureRefused):
        await fitted_pictures(BytesIO(png()).read()[:60], (1600,))
