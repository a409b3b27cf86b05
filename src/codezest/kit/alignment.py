"""Where two sequences are alike, at a cost that nobody's input can drive up.

Python's own `SequenceMatcher` takes minutes for two programs of a few hundred lines that repeat one another, and whose
programs are compared decides who hands them in. So it is given only what it is sure to finish, out of a budget; what is left
is split at what stands once on either side, and where there is nothing of that kind, it counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

BUDGET = 5_000_000
"""Steps of one comparison, at worst; some take a tenth of a microsecond."""
COUNTING = 10
"""Steps that looking at one item takes."""
DEEPEST = 50
"""How often a part is split again."""

Items = Sequence[Hashable]
Tag = Literal["equal", "replace", "delete", "insert"]


class Block(NamedTuple):
    """A part that is the same in both: where it begins in either, and its length."""

    start: int
    other_start: int
    length: int


class Aligner:
    """Compares sequences out of one budget: all parts of one comparison share it."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._left = budget

    def blocks(self, before: Items, after: Items) -> list[Block]:
        """What is the same in both, in order."""
        return list(self._within(before, after, (0, len(before), 0, len(after)), DEEPEST))

    def opcodes(self, before: Items, after: Items) -> Iterator[tuple[Tag, int, int, int, int]]:
        """What to do to make one of the other, part by part: as `SequenceMatcher.get_opcodes` has it."""
        place = other = 0
        end = Block(len(before), len(after), 0)
        for start, other_start, length in _joined([*self.blocks(before, after), end]):
            if start > place or other_start > other:
                tag: Tag = "insert" if start == place else "delete" if other_start == other else "replace"
                yield tag, place, start, other, other_start
            place, other = start + length, other_start + length
            if length:
                yield "equal", start, place, other_start, other

    def _within(self, before: Items, after: Items, span: tuple[int, int, int, int], depth: int) -> Iterator[Block]:
        low, high, other_low, other_high = span
        head = low
        while head < high and other_low < other_high and before[head] == after[other_low]:
            head, other_low = head + 1, other_low + 1
        if head > low:
            yield Block(low, other_low - (head - low), head - low)
        tail = high
        while tail > head and other_high > other_low and before[tail - 1] == after[other_high - 1]:
            tail, other_high = tail - 1, other_high - 1
        if tail > head and other_high > other_low:
            yield from self._between(before, after, (head, tail, other_low, other_high), depth)
        if high > tail:
            yield Block(tail, other_high, high - tail)

    def _between(self, before: Items, after: Items, span: tuple[int, int, int, int], depth: int) -> Iterator[Block]:
        """The same of what neither begins nor ends alike."""
        low, high, other_low, other_high = span
        left, right = before[low:high], after[other_low:other_high]
        self._left -= COUNTING * (len(left) + len(right))
        if self._left < 0 or depth == 0:
            return
        counts, others = Counter(left), Counter(right)
        steps = sum(number * others[item] for item, number in counts.items()) * min(len(left), len(right))
        if steps <= self._left:
            self._left -= steps
            for start, other_start, length in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
                if length:
                    yield Block(low + start, other_low + other_start, length)
            return
        for start, other_start in [*_anchors(left, right, counts, others), (len(left), len(right))]:
            inner = (low, before_end := span[0] + start, other_low, after_end := span[2] + other_start)
            yield from self._within(before, after, inner, depth - 1)
            if start < len(left):
                yield Block(before_end, after_end, 1)
            low, other_low = before_end + 1, after_end + 1


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks that follow one another without a gap as one; the last, which is empty, stays."""
    kept: Block | None = None
    for block in blocks:
        if kept is None:
            kept = block
        elif (
            block.length
            and kept.start + kept.length == block.start
            and (kept.other_start + kept.length == block.other_start)
        ):
            kept = Block(kept.start, kept.other_start, kept.length + block.length)
        else:
            yield kept
            kept = block
    if kept is not None:
        yield kept


def _anchors(left: Items, right: Items, counts: Counter[Hashable], others: Counter[Hashable]) -> list[tuple[int, int]]:
    """What stands once on either side, as many as stand in the same order in both."""
    places = {item: place for place, item in enumerate(right) if others[item] == 1}
    pairs = [(place, places[item]) for place, item in enumerate(left) if counts[item] == 1 and item in places]
    if not pairs:
        return []
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, (_place, other) in enumerate(pairs):
        at = bisect_left(ends, other)
        ends[at : at + 1] = [other]
        last[at : at + 1] = [index]
        before.append(last[at - 1] if at else None)
    found: list[tuple[int, int]] = []
    index: int | None = last[-1]
    while index is not None:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
