"""Pictures to send in, good ones and bad ones."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

ORIENTATION = 0x0112
DESCRIPTION = 0x010E


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 64), colour: str = "red", **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def photograph() -> bytes:
    """A JPEG taken with the camera on its side: what is stored left is seen on top. It says where it was taken."""
    image = Image.new("RGB", (300, 300), "blue")
    image.paste("red", (0, 0, 150, 300))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[DESCRIPTION] = "at home, 48.85 N 2.35 E"
    written = BytesIO()
    image.save(written, "JPEG", exif=exif, quality=95)
    return written.getvalue()


def animation() -> bytes:
    """A GIF that is red first, then blue."""
    written = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return written.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG whose header alone claims so many pixels: there is nothing to decode."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
PROGRAM = b"<script>alert('polyglot')</script>"
REFUSED = {
    "empty": b"",
    "svg": SVG,
    "html": b"<!doctype html>" + PROGRAM,
    "bomb": bomb(),
    "truncated png": picture(size=(200, 200))[:120],
    "truncated jpeg": picture("JPEG", (400, 400))[:400],
    "only a name": b"\x89PNG\r\n\x1a\n",
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "pdf": b"%PDF-1.7\n" + b"x" * 100,
    "too large": b"\x89PNG\r\n\x1a\n" + b"x" * (5 << 20),
}
