"""Pictures of pages for those who share a link to them: the title in our colours, drawn here.

The address holds what stands on the picture and a signature, so that nobody can have anything else written on one of ours,
and so that it may be kept for good: another text is another address.
"""

import asyncio
import base64
import binascii
import json
from functools import lru_cache
from io import BytesIO

from fastapi import APIRouter, Response
from PIL import Image, ImageDraw, ImageFont

from codezest.kit import tokens
from codezest.kit.context import CARD_PURPOSE, Context
from codezest.kit.errors import NotFound

router = APIRouter(include_in_schema=False)

SIZE = (1200, 630)
MARGIN = 96
PAPER, INK, MUTED, ZEST, PITH = "#fdfaf5", "#2b1d12", "#6c5c50", "#fd9b2d", "#fff6e9"
"""As the tokens of the light theme; a picture has no theme."""
FONTS = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
"""The first that the machine has; Pillow's own, which knows Latin letters only, where it has none."""
MOST_LINES = 3
KEPT = 64
AT_ONCE = 2
"""Pictures drawn at a time: each takes a processor for some tens of milliseconds, which pages wait for."""
ONE_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_drawing = asyncio.Semaphore(AT_ONCE)


@router.get("/cards/{signature}/{text}.png")
async def card(signature: str, text: str, context: Context) -> Response:
    """A picture of 1200 by 630 pixels.

    Raises:
        NotFound: the address was not made by us.
    """
    if not tokens.signature_holds(context.settings.signing_key, CARD_PURPOSE, text, signature):
        raise NotFound
    try:
        title, note = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    async with _drawing:
        picture = await asyncio.to_thread(draw, str(title), str(note))
    return Response(picture, media_type="image/png", headers=ONE_YEAR)


@lru_cache(maxsize=KEPT)
def draw(title: str, note: str) -> bytes:
    """The PNG: the mark, the title in up to three lines, a line below it."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, SIZE[1] - 20, SIZE[0], SIZE[1]), fill=ZEST)
    _mark(pen, (SIZE[0] - 90, 40), 176)
    _mark(pen, (MARGIN + 32, 116), 32)
    pen.text((MARGIN + 84, 116), "CodeZest", font=_font(44), fill=INK, anchor="lm")
    size, lines = _fitted(pen, title)
    top = 220
    for line in lines:
        pen.text((MARGIN, top), line, font=_font(size), fill=INK)
        top += round(size * 1.22)
    if note:
        pen.text((MARGIN, top + 24), _shortened(pen, note, _font(32), SIZE[0] - 480), font=_font(32), fill=MUTED)
    out = BytesIO()
    picture.quantize(48).save(out, "PNG", optimize=True)
    return out.getvalue()


def _mark(pen: ImageDraw.ImageDraw, centre: tuple[int, int], radius: int) -> None:
    """The slice of citrus: rind, pith and seven pieces of flesh."""
    _disc(pen, centre, radius, ZEST)
    _disc(pen, centre, round(radius * 0.81), PITH)
    box = _box(centre, round(radius * 0.68))
    for piece in range(7):
        start = piece * 360 / 7 - 90
        pen.pieslice(box, start + 5, start + 360 / 7 - 5, fill=ZEST)


def _disc(pen: ImageDraw.ImageDraw, centre: tuple[int, int], radius: int, colour: str) -> None:
    pen.ellipse(_box(centre, radius), fill=colour)


def _box(centre: tuple[int, int], radius: int) -> tuple[int, int, int, int]:
    return (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)


@lru_cache
def _font(size: int) -> Font:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _fitted(pen: ImageDraw.ImageDraw, title: str) -> tuple[int, list[str]]:
    """The largest size in which the title takes at most three lines, and the lines."""
    width = SIZE[0] - 2 * MARGIN
    for size in (84, 68, 56):
        lines = _wrapped(pen, title, _font(size), width)
        if len(lines) <= MOST_LINES:
            break
    else:
        lines = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    return size, [_shortened(pen, line, _font(size), width) for line in lines]


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and pen.textlength(f"{lines[-1]} {word}", font=font) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _shortened(pen: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> str:
    if pen.textlength(text, font=font) <= width:
        return text
    while text and pen.textlength(f"{text}…", font=font) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
