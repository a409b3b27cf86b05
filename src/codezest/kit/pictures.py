"""Pictures that people send in: looked at, and drawn anew, in a process apart.

See `codezest.kit.apart`. What comes out holds nothing of what went in but its looks: no metadata, no second format hidden
in the file, no animation.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from PIL import Image, ImageOps

from codezest.kit.apart import Bounds, ask_apart, confine

MOST_BYTES = 5 << 20
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
Refusal = Literal["too-large", "too-many-pixels", "unknown-format", "broken"]
Shape = Literal["square", "fitted"]

_AT_ONCE = asyncio.Semaphore(2)
_BOUNDS = Bounds(cpu_seconds=15, wall_seconds=30.0, address_space=1 << 30)
_MODULE = "codezest.kit.pictures"
_MOST_READ = 64 << 20


class PictureRefused(ValueError):
    """The bytes are no picture that is accepted; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in WebP; width and height are in pixels."""

    width: int
    height: int
    content: bytes


async def square_pictures(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    """The middle of a picture as squares in WebP, one for each size in pixels.

    Args:
        content: a PNG, JPEG, WebP or GIF, as somebody sent it; of an animation the first frame counts.
        sizes: the widths wanted.

    Raises:
        PictureRefused: it is none of these, larger than `MOST_BYTES` or `MOST_PIXELS`, or cannot be decoded.
    """
    if len(content) > MOST_BYTES:
        raise PictureRefused("too-large")
    return [picture.content for picture in await _drawn("square", content, sizes)]


async def fitted_pictures(content: bytes, sizes: Sequence[int]) -> list[Picture]:
    """The whole picture in WebP, one for each size: no side is longer than that, and none longer than it was.

    How large `content` may be is for the caller to say; all else is as with `square_pictures`.

    Raises:
        PictureRefused: as there.
    """
    return await _drawn("fitted", content, sizes)


async def _drawn(shape: Shape, content: bytes, sizes: Sequence[int]) -> list[Picture]:
    async with _AT_ONCE:
        answer = await ask_apart(_MODULE, content, shape, *map(str, sizes), bounds=_BOUNDS)
    head, _, body = answer.partition(b"\n")
    said: dict[str, Any] = json.loads(head) if head else {"refused": "broken"}
    if "refused" in said:
        raise PictureRefused(said["refused"])
    pictures: list[Picture] = []
    for width, height, length in said["pictures"]:
        pictures.append(Picture(width, height, body[:length]))
        body = body[length:]
    if len(pictures) != len(sizes) or any(picture.content[:4] != b"RIFF" for picture in pictures):
        raise PictureRefused("broken")
    return pictures


_BARE_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})


def is_plain_webp(content: bytes) -> bool:
    """Whether a file is a WebP that holds a still picture and nothing else, as those that are drawn here."""
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return False
    if int.from_bytes(content[4:8], "little") + 8 != len(content):
        return False
    place = 12
    while place < len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        if content[place : place + 4] not in _BARE_CHUNKS or place + 8 + size > len(content):
            return False
        place += 8 + size + size % 2
    return True


def draw_squares(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    """As `square_pictures`, within this process and without its limits.

    Raises:
        PictureRefused: as there.
    """
    return [picture.content for picture in _draw("square", content, sorted(sizes, reverse=True))]


def _draw(shape: Shape, content: bytes, sizes: Sequence[int]) -> list[Picture]:
    """One picture for each size, which are in falling order: each is made from what the one before has decoded."""
    Image.MAX_IMAGE_PIXELS = None  # the header is judged below, before anything is decoded
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except Image.UnidentifiedImageError:
        raise PictureRefused("unknown-format") from None
    except Exception:  # noqa: BLE001 - a decoder may raise anything on a header made to break it
        raise PictureRefused("broken") from None
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused("too-many-pixels")
    try:
        return [_square(image, size) if shape == "square" else _fitted(image, size) for size in sizes]
    except Exception:  # noqa: BLE001 - as above, on a body
        raise PictureRefused("broken") from None


def _square(image: Image.Image, size: int) -> Picture:
    flat, orientation = _decoded(image, size)
    side = min(flat.width, flat.height)
    left, top = (flat.width - side) // 2, (flat.height - side) // 2
    small = flat.resize(
        (size, size),
        resample=Image.Resampling.LANCZOS,
        box=(left, top, left + side, top + side),
        reducing_gap=3.0,
    )
    return _written(small, orientation)


def _fitted(image: Image.Image, size: int) -> Picture:
    flat, orientation = _decoded(image, size)
    share = min(1.0, size / max(flat.width, flat.height))
    room = max(1, round(flat.width * share)), max(1, round(flat.height * share))
    return _written(flat.resize(room, resample=Image.Resampling.LANCZOS, reducing_gap=3.0), orientation)


def _decoded(image: Image.Image, size: int) -> tuple[Image.Image, int]:
    """The first frame in plain colours, and how it is to be turned."""
    image.draft("RGB", (size * 4, size * 4))  # JPEG alone can be decoded smaller, which takes less memory
    image.seek(0)
    orientation = image.getexif().get(0x0112, 1)
    flat = image if image.mode in {"RGB", "RGBA"} else image.convert("RGBA" if _transparent(image) else "RGB")
    return flat, orientation


def _written(small: Image.Image, orientation: int) -> Picture:
    # It is turned after it was made small: a square's middle stays the middle, and less is turned.
    turned = Image.new(small.mode, small.size)
    turned.paste(small)
    turned.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(turned)
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    written = BytesIO()
    bare.save(written, "WEBP", quality=85, method=4)
    return Picture(bare.width, bare.height, written.getvalue())


def _transparent(image: Image.Image) -> bool:
    return image.has_transparency_data


def _answer() -> None:
    """What the process does."""
    confine(_BOUNDS)
    shape: Shape = "fitted" if sys.argv[1] == "fitted" else "square"
    sizes = [int(text) for text in sys.argv[2:]]
    output = sys.stdout.buffer
    try:
        drawn = _draw(shape, sys.stdin.buffer.read(_MOST_READ), sorted(sizes, reverse=True))
    except PictureRefused as refused:
        output.write(json.dumps({"refused": refused.reason}).encode() + b"\n")
        return
    by_size = dict(zip(sorted(sizes, reverse=True), drawn, strict=True))
    ordered = [by_size[size] for size in sizes]
    sizes_of = [(picture.width, picture.height, len(picture.content)) for picture in ordered]
    output.write(json.dumps({"pictures": sizes_of}).encode() + b"\n")
    for picture in ordered:
        output.write(picture.content)


if __name__ == "__main__":
    _answer()
