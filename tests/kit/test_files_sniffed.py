"""What a file is follows from its content; what it is called says nothing, and is cleaned."""

from io import BytesIO

import pytest

from codezest.kit.filenames import file_name
from codezest.kit.sniffing import sniff
from factories.files import CAPTIONS, SCRIPT, WEBM, box, docx, mp4, pdf, png

SNIFFED = {
    "png": (png(), "png"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"x" * 20, "jpg"),
    "gif": (b"GIF89a" + b"x" * 20, "gif"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "webp"),
    "mp4": (mp4(), "mp4"),
    "webm": (WEBM, "webm"),
    "pdf": (pdf(), "pdf"),
    "docx is a zip": (docx(), "zip"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "gz"),
    "captions": (CAPTIONS, "vtt"),
    "captions with a byte order mark": (b"\xef\xbb\xbf" + CAPTIONS, "vtt"),
    "text": ("zwölf\n".encode(), "txt"),
    "html is text": (b"<!doctype html>" + SCRIPT, "txt"),
    "svg is text": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "txt"),
    "captions without a time are text": (b"WEBVTT\n\n" + SCRIPT, "txt"),
    "captions that only begin so are text": (b"WEBVTTX\n\n00:01.000 --> 00:02.000\nx\n", "txt"),
    "empty": (b"", None),
    "program": (b"\x7fELF\x02\x01\x01", None),
    "windows program": (b"MZ\x90\0\x03", None),
    "text with a nul": (b"hello\0world", None),
    "text of another encoding": (b"zw\xf6lf", None),
    "text that ends within a character": ("zwölf".encode()[:3], None),
    "pdf behind something else": (b"GIF" + pdf(), "txt"),
    "script before a pdf is text": (SCRIPT + b"%PDF-1.7", "txt"),
    "mp4 without anything to play": (box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", b"x"), None),
    "truncated mp4": (mp4()[:-100], None),
    "mp4 with more behind it": (mp4() + SCRIPT, None),
    "picture in an mp4's box": (box(b"ftyp", b"heic\0\0\0\0heic") + box(b"moov"), None),
    "matroska that is no webm": (WEBM.replace(b"webm", b"mkvm"), None),
}


@pytest.mark.parametrize("name", SNIFFED)
def test_a_file_is_what_it_holds(name: str) -> None:
    content, expected = SNIFFED[name]
    file = BytesIO(content)
    assert sniff(file) == expected
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("notes.pdf", "notes.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\My thesis.PDF", "My thesis.pdf"),
        ("virus.exe", "virus.pdf"),
        ("a\0b\r\nSet-Cookie: x\x1b.pdf", "abSet-Cookie x.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("résumé é.pdf", "résumé é.pdf"),
        ('a"b<c>|d?.pdf', "abcd.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
        ("\ud800.pdf", "pdf.pdf"),
        ("notes.html", "notes.html"),
    ],
)
def test_a_name_keeps_only_what_belongs_there(given: str, kept: str) -> None:
    assert file_name(given, extension="pdf", allowed={"html"}) == kept
