"""Draws one frame of a film. Coordinates are pixels of a 1280 by 720 picture; the lowest 110 stay free for captions."""

# Pillow is no dependency of the program (requirements/tools.in), so its types may be absent when this is checked.
# pyright: reportMissingImports=false, reportUnknownParameterType=false

import builtins
import io
import keyword
import tokenize
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from video.script import TYPING, Film, Scene, Step

WIDTH, HEIGHT = 1280, 720
FONTS = Path("/usr/share/fonts/truetype/dejavu")

PAPER = "#faf7f2"
INK = "#2a2622"
QUIET = "#8a8178"
ORANGE = "#d9620f"
PEEL = "#f6d9c0"
DESK = "#25211d"
DESK_BAR = "#302b26"
DESK_MARK = "#4a3320"
PLAIN = "#f1ebe3"
COLOURS = {"keyword": "#ff9d5c", "string": "#a9d48a", "number": "#8ec7e8", "call": "#f2cf7e", "comment": "#9a9087"}
ERROR = "#ff8f80"

LEFT, TOP, CODE_WIDTH, CARD_HEIGHT = 70, 130, 700, 460
OUT_LEFT, OUT_WIDTH = 800, 410
LINE_HEIGHT = 46
BAR = 54


@lru_cache
def font(name: str, size: int) -> Any:
    """A DejaVu face by file name, from the Debian package fonts-dejavu-core."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


@lru_cache
def _colours(code: tuple[str, ...]) -> list[list[str]]:
    """For every character of every line, the colour it is written in."""
    colours = [[PLAIN] * len(line) for line in code]
    for token in tokenize.generate_tokens(io.StringIO("\n".join(code) + "\n").readline):
        row, column = token.start
        if token.type == tokenize.STRING:
            kind = "string"
        elif token.type == tokenize.NUMBER:
            kind = "number"
        elif token.type == tokenize.COMMENT:
            kind = "comment"
        elif keyword.iskeyword(token.string):
            kind = "keyword"
        elif token.type == tokenize.NAME and hasattr(builtins, token.string):
            kind = "call"
        else:
            continue
        for index in range(column, column + len(token.string)):
            colours[row - 1][index] = COLOURS[kind]
    return colours


def _mix(colour: str, towards: str, share: float) -> str:
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(towards[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _slice(size: int) -> Any:
    """The mark: half a slice of orange."""
    scale = 4
    picture = Image.new("RGBA", (size * scale, size * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    full = size * scale - 1
    draw.pieslice((0, -full // 2, full, full // 2), 0, 180, fill=ORANGE)
    inset = full // 10
    draw.pieslice((inset, -full // 2 + inset, full - inset, full // 2 - inset), 0, 180, fill=PEEL)
    for quarter in range(4):
        box = (inset * 2, -full // 2 + inset * 2, full - inset * 2, full // 2 - inset * 2)
        draw.pieslice(box, quarter * 45 + 5, quarter * 45 + 40, fill=ORANGE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache
def _ground(kind: str, module: str, title: str, heading: str) -> Any:
    """Everything in a scene that does not move."""
    scale = 2
    big = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), PAPER)
    draw = ImageDraw.Draw(big)
    if kind == "code":
        for left, width in ((LEFT, CODE_WIDTH), (OUT_LEFT, OUT_WIDTH)):
            box = [scale * value for value in (left, TOP, left + width, TOP + CARD_HEIGHT)]
            draw.rounded_rectangle(box, 14 * scale, fill=DESK)
            box[3] = scale * (TOP + BAR)
            draw.rounded_rectangle(box, 14 * scale, fill=DESK_BAR, corners=(True, True, False, False))
    picture = big.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(picture)
    if kind == "title":
        mark = _slice(150)
        picture.paste(mark, ((WIDTH - 150) // 2, 150), mark)
        return picture
    mark = _slice(44)
    picture.paste(mark, (LEFT, 62), mark)
    draw.text((LEFT + 60, 56), title, INK, font("DejaVuSans-Bold", 28))
    side = font("DejaVuSans", 22)
    draw.text((WIDTH - LEFT - side.getlength(module), 61), module, QUIET, side)
    if kind == "code":
        label = font("DejaVuSansMono", 20)
        draw.text((LEFT + 24, TOP + 15), heading, _mix(PLAIN, DESK_BAR, 0.3), label)
        draw.text((OUT_LEFT + 24, TOP + 15), "output", _mix(PLAIN, DESK_BAR, 0.3), label)
    return picture


def _code_size(scene: Scene) -> int:
    longest = max(len(line) for line in scene.code)
    return min(28, int((CODE_WIDTH - 90) / longest / 0.602))


def _draw_code(draw: Any, scene: Scene, step: Step, time: float) -> None:
    face = font("DejaVuSansMono", _code_size(scene))
    advance = face.getlength("0")
    letters = int((time - step.start) * TYPING)
    busy = sum(len(line) for line in scene.code[step.typed_before : step.typed]) / TYPING
    current = _current_line(step, time - step.start - busy)
    cursor: tuple[float, float] | None = None
    for number, line in enumerate(scene.code[: step.typed], start=1):
        top = TOP + BAR + 20 + (number - 1) * LINE_HEIGHT
        if number > step.typed_before:
            shown = min(len(line), letters)
            letters -= len(line)
            if shown <= 0 and letters < 0:
                break
        else:
            shown = len(line)
        if number == current:
            draw.rectangle((LEFT, top - 3, LEFT + CODE_WIDTH, top + LINE_HEIGHT - 7), fill=DESK_MARK)
            draw.rectangle((LEFT, top - 3, LEFT + 6, top + LINE_HEIGHT - 7), fill=ORANGE)
        draw.text((LEFT + 22, top + 4), str(number), "#6f665d", font("DejaVuSansMono", 18))
        for index in range(shown):
            draw.text((LEFT + 66 + index * advance, top), line[index], _colours(scene.code)[number - 1][index], face)
        cursor = (LEFT + 66 + shown * advance, top)
    if cursor is not None and current == 0 and int(time * 2) % 2 == 0:
        draw.rectangle((cursor[0] + 1, cursor[1], cursor[0] + 4, cursor[1] + 34), fill=ORANGE)


def _current_line(step: Step, since: float) -> int:
    """The line that the marker stands on, 0 while it has not begun."""
    if not step.lines or since < 0:
        return 0
    return step.lines[min(int(since / 0.7), len(step.lines) - 1)]


def _draw_output(draw: Any, scene: Scene, step: Step, time: float) -> None:
    busy = sum(len(line) for line in scene.code[step.typed_before : step.typed]) / TYPING
    ready = step.start + busy + 0.7 * max(len(step.lines) - 1, 0) + 0.35
    top = TOP + BAR + 20
    for number, line in enumerate(scene.output[: step.shown], start=1):
        share = 1.0 if number <= step.shown_before else max(0.0, min(1.0, (time - ready) / 0.3))
        error = "Error:" in line
        face = font("DejaVuSansMono", 24)
        room = int((OUT_WIDTH - 48) / face.getlength("0"))
        pieces = _wrap(line, room)
        for piece in pieces:
            colour = _mix(DESK, ERROR if error else PLAIN, share)
            draw.text((OUT_LEFT + 24, top + round(8 * (1 - share))), piece, colour, face)
            top += 34
        top += LINE_HEIGHT - 34


def _wrap(line: str, room: int) -> list[str]:
    pieces = [""]
    for word in line.split(" "):
        if pieces[-1] and len(pieces[-1]) + 1 + len(word) > room:
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}" if pieces[-1] else word
    return pieces


def _draw_title(draw: Any, film: Film, time: float) -> None:
    share = min(1.0, time / 0.6)
    for text, top, size, name, colour in (
        (film.module, 262, 26, "DejaVuSans", ORANGE),
        (film.title, 310, 64, "DejaVuSans-Bold", INK),
        (film.subtitle, 412, 30, "DejaVuSans", QUIET),
    ):
        face = font(name, size)
        left = (WIDTH - face.getlength(text)) / 2
        draw.text((left, top + 14 * (1 - share)), text, _mix(PAPER, colour, share), face)


def _draw_points(draw: Any, scene: Scene, step: Step, time: float) -> None:
    draw.text((LEFT, 165), scene.heading, INK, font("DejaVuSans-Bold", 44))
    for number, point in enumerate(scene.points, start=1):
        if number > step.point:
            break
        share = min(1.0, (time - step.start) / 0.4) if number == step.point else 1.0
        top = 270 + (number - 1) * 96
        disc = _mix(PAPER, ORANGE, share)
        draw.rounded_rectangle((LEFT, top, LEFT + 56, top + 56), 14, fill=disc)
        face = font("DejaVuSans-Bold", 28)
        digit = str(number)
        draw.text((LEFT + 28 - face.getlength(digit) / 2, top + 11), digit, PAPER, face)
        draw.text((LEFT + 84, top + 9), point, _mix(PAPER, INK, share), font("DejaVuSans", 34))


def frame(film: Film, time: float) -> Any:
    """The picture at ``time`` seconds, as an RGB image."""
    scene = next((scene for scene in film.scenes if time < scene.end), film.scenes[-1])
    step = next((step for step in scene.steps if time < step.end), scene.steps[-1])
    picture = _ground(scene.kind, film.module, film.title, scene.heading).copy()
    draw = ImageDraw.Draw(picture)
    if scene.kind == "title":
        _draw_title(draw, film, time - scene.start)
    elif scene.kind == "code":
        _draw_code(draw, scene, step, time)
        _draw_output(draw, scene, step, time)
    else:
        _draw_points(draw, scene, step, time)
    done = round(WIDTH * time / film.duration)
    draw.rectangle((0, HEIGHT - 6, done, HEIGHT), fill=ORANGE)
    return picture
