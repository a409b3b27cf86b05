"""Expected and actual output side by side, with the differences marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from codezest.kit.alignment import Aligner

MAX_LINES = 200
MAX_MARKED_LINE = 400

RowKind = Literal["same", "changed", "missing", "extra"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters of one line; whitespace that differs is made visible."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of each output. A `missing` row has no `actual`, an `extra` row no `expected`."""

    kind: RowKind
    expected: tuple[Segment, ...] | None
    actual: tuple[Segment, ...] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Aligned rows; `truncated` when lines beyond `MAX_LINES` were left out."""

    rows: tuple[Row, ...]
    truncated: bool


def compare_output(expected: str, actual: str) -> Comparison:
    """Align two outputs line by line; at most `MAX_LINES` lines of each are looked at."""
    wanted, got = _lines(expected), _lines(actual)
    truncated = len(wanted) > MAX_LINES or len(got) > MAX_LINES
    wanted, got = wanted[:MAX_LINES], got[:MAX_LINES]
    return Comparison(rows=tuple(_rows(wanted, got)), truncated=truncated)


def _lines(text: str) -> list[str]:
    # Not splitlines(): a form feed or U+2028 in a learner's output is no new line.
    lines = text.removesuffix("\n").split("\n")
    return [] if lines == [""] else lines


def _rows(wanted: list[str], got: list[str]) -> Iterator[Row]:
    aligner = Aligner()
    for tag, start, end, other_start, other_end in aligner.opcodes(wanted, got):
        left, right = wanted[start:end], got[other_start:other_end]
        if tag == "equal":
            for line in left:
                same = (Segment(line, differs=False),)
                yield Row("same", same, same)
            continue
        paired = min(len(left), len(right))
        for line, other in zip(left, right, strict=False):
            yield Row("changed", *_mark(aligner, line, other))
        for line in left[paired:]:
            yield Row("missing", (Segment(line, differs=False),), None)
        for line in right[paired:]:
            yield Row("extra", None, (Segment(line, differs=False),))


def _mark(aligner: Aligner, wanted: str, got: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    if max(len(wanted), len(got)) > MAX_MARKED_LINE:
        return (Segment(wanted, differs=True),), (Segment(got, differs=True),)
    left: list[Segment] = []
    right: list[Segment] = []
    for tag, start, end, other_start, other_end in aligner.opcodes(wanted, got):
        differs = tag != "equal"
        for segments, text in ((left, wanted[start:end]), (right, got[other_start:other_end])):
            if text:
                segments.append(Segment(_visible(text) if differs else text, differs=differs))
    return tuple(left), tuple(right)


def _visible(text: str) -> str:
    return text.replace(" ", "·").replace("\t", "→").replace("\r", "␍")
