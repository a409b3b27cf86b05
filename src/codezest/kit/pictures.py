"""Pictures that people send in: looked at, and drawn anew, in a process apart.

The process gets the picture on its standard input and answers on its standard output. It has a bare environment and limits
of its own, so a picture made to break the decoder breaks nothing else. What comes out holds nothing of what went in but
its looks: no metadata, no second format hidden in the file, no animation.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, Literal

from PIL import Image, ImageOps

MOST_BYTES = 5 << 20
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
Refusal = Literal["too-large", "too-many-pixels", "unknown-format", "broken"]

_AT_ONCE = asyncio.Semaphore(2)
_CPU_SECONDS = 15
_WALL_SECONDS = 30.0
_ADDRESS_SPACE = 1 << 30
_MODULE = "codezest.kit.pictures"


class PictureRefused(ValueError):
    """The bytes are no picture that is accepted; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


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
    async with _AT_ONCE:
        answer = await _ask(content, sizes)
    head, _, body = answer.partition(b"\n")
    said: dict[str, Any] = json.loads(head) if head else {"refused": "broken"}
    if "refused" in said:
        raise PictureRefused(said["refused"])
    pictures: list[bytes] = []
    for length in said["lengths"]:
        pictures.append(body[:length])
        body = body[length:]
    if len(pictures) != len(sizes) or any(picture[:4] != b"RIFF" for picture in pictures):
        raise PictureRefused("broken")
    return pictures


async def _ask(content: bytes, sizes: Sequence[int]) -> bytes:
    """What the process answers; nothing where it died or was silent for too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        _MODULE,
        *map(str, sizes),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(content), timeout=_WALL_SECONDS)
    except TimeoutError:
        answer = b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return answer if process.returncode == 0 else b""


def draw_squares(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    """As `square_pictures`, within this process and without its limits.

    Raises:
        PictureRefused: as there.
    """
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
        return [_square(image, size) for size in sorted(sizes, reverse=True)]
    except Exception:  # noqa: BLE001 - as above, on a body
        raise PictureRefused("broken") from None


def _square(image: Image.Image, size: int) -> bytes:
    image.draft("RGB", (size * 4, size * 4))  # JPEG alone can be decoded smaller, which takes less memory
    image.seek(0)
    orientation = image.getexif().get(0x0112, 1)
    flat = image if image.mode in {"RGB", "RGBA"} else image.convert("RGBA" if _transparent(image) else "RGB")
    side = min(flat.width, flat.height)
    left, top = (flat.width - side) // 2, (flat.height - side) // 2
    small = flat.resize(
        (size, size),
        resample=Image.Resampling.LANCZOS,
        box=(left, top, left + side, top + side),
        reducing_gap=3.0,
    )
    # A square is turned after it was made small: the middle stays the middle.
    turned = Image.new(small.mode, small.size)
    turned.paste(small)
    turned.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(turned)
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    written = BytesIO()
    bare.save(written, "WEBP", quality=85, method=4)
    return written.getvalue()


def _transparent(image: Image.Image) -> bool:
    return image.has_transparency_data


def _answer() -> None:
    """What the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sizes = [int(text) for text in sys.argv[1:]]
    output = sys.stdout.buffer
    try:
        drawn = draw_squares(sys.stdin.buffer.read(MOST_BYTES + 1), sizes)
    except PictureRefused as refused:
        output.write(json.dumps({"refused": refused.reason}).encode() + b"\n")
        return
    by_size = dict(zip(sorted(sizes, reverse=True), drawn, strict=True))
    ordered = [by_size[size] for size in sizes]
    output.write(json.dumps({"lengths": [len(picture) for picture in ordered]}).encode() + b"\n")
    for picture in ordered:
        output.write(picture)


if __name__ == "__main__":
    _answer()
