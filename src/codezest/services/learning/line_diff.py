"""Two programs line by line: what was taken out, what was put in, and which words of a changed line differ. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from codezest.kit.alignment import Aligner

AROUND = 3
"""Unchanged lines shown before and after a change."""
MAX_LINES = 4000
"""Of one file; a longer one is compared so far."""
MAX_WORDS = 400
"""Of one line; in a longer one no words are marked."""
ALIKE = 0.3
"""Lines less alike than this are shown as one taken out and one put in, without marks."""

LineKind = Literal["same", "removed", "added", "changed", "gap"]
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters of one line."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a line of the old program beside one of the new. `gap` stands for `skipped` unchanged lines."""

    kind: LineKind
    old_number: int | None = None
    new_number: int | None = None
    old: tuple[Part, ...] = ()
    new: tuple[Part, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """One file in both programs."""

    path: str
    kind: Literal["same", "changed", "added", "removed"]
    added: int
    """Lines."""
    removed: int
    lines: tuple[Line, ...]
    truncated: bool


def compare_programs(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileDiff]:
    """File by file, in the order of `new`, what is gone last."""
    paths = [*new, *(path for path in old if path not in new)]
    aligner = Aligner()
    return [_compare_file(aligner, path, old.get(path), new.get(path)) for path in paths]


def _compare_file(aligner: Aligner, path: str, old: str | None, new: str | None) -> FileDiff:
    before, after = _lines(old or ""), _lines(new or "")
    truncated = max(len(before), len(after)) > MAX_LINES
    rows = list(_rows(aligner, before[:MAX_LINES], after[:MAX_LINES]))
    kind = "added" if old is None else "removed" if new is None else "same" if old == new else "changed"
    return FileDiff(
        path=path,
        kind=kind,
        added=sum(row.kind in {"added", "changed"} for row in rows),
        removed=sum(row.kind in {"removed", "changed"} for row in rows),
        lines=tuple(_with_gaps(rows)),
        truncated=truncated,
    )


def _lines(text: str) -> list[str]:
    lines = text.removesuffix("\n").split("\n")
    return [] if lines == [""] else lines


def _rows(aligner: Aligner, before: list[str], after: list[str]) -> Iterator[Line]:
    for tag, start, end, other_start, other_end in aligner.opcodes(before, after):
        if tag == "equal":
            for offset in range(end - start):
                parts = (Part(before[start + offset], differs=False),)
                yield Line(
                    kind="same",
                    old_number=start + offset + 1,
                    new_number=other_start + offset + 1,
                    old=parts,
                    new=parts,
                )
            continue
        yield from _changes(aligner, before, after, (start, end, other_start, other_end))


def _changes(aligner: Aligner, before: list[str], after: list[str], span: tuple[int, int, int, int]) -> Iterator[Line]:
    """The rows of one block: its lines in pairs as far as they go, then what is left of either side."""
    start, end, other_start, other_end = span
    paired = min(end - start, other_end - other_start)
    for offset in range(paired):
        old, new = before[start + offset], after[other_start + offset]
        marked = _mark(aligner, old, new)
        yield Line(
            kind="changed",
            old_number=start + offset + 1,
            new_number=other_start + offset + 1,
            old=marked[0],
            new=marked[1],
        )
    for index in range(start + paired, end):
        yield Line(kind="removed", old_number=index + 1, old=(Part(before[index], differs=False),))
    for index in range(other_start + paired, other_end):
        yield Line(kind="added", new_number=index + 1, new=(Part(after[index], differs=False),))


def _mark(aligner: Aligner, old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both lines in parts; words that the other one lacks are marked, where the two are alike at all."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    steps = [] if max(len(left), len(right)) > MAX_WORDS else list(aligner.opcodes(left, right))
    alike = sum(end - start for tag, start, end, _other, _other_end in steps if tag == "equal")
    if 2 * alike < ALIKE * (len(left) + len(right)) or not steps:
        return (Part(old, differs=False),), (Part(new, differs=False),)
    parts: tuple[list[Part], list[Part]] = ([], [])
    for tag, start, end, other_start, other_end in steps:
        for side, words in zip(parts, (left[start:end], right[other_start:other_end]), strict=True):
            if words:
                side.append(Part("".join(words), differs=tag != "equal"))
    return tuple(parts[0]), tuple(parts[1])


def _with_gaps(rows: list[Line]) -> Iterator[Line]:
    """The rows, with long runs of unchanged lines left out."""
    near = {
        place
        for index, row in enumerate(rows)
        if row.kind != "same"
        for place in range(index - AROUND, index + AROUND + 1)
    }
    skipped = 0
    for index, row in enumerate(rows):
        if row.kind == "same" and index not in near:
            skipped += 1
            continue
        if skipped:
            yield Line(kind="gap", skipped=skipped)
            skipped = 0
        yield row
    if skipped:
        yield Line(kind="gap", skipped=skipped)
