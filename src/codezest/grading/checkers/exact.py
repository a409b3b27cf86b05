"""EXACT: the same characters, but for one newline at the very end."""

from collections.abc import Mapping
from typing import Any

from codezest.grading.checkers.mismatch import Mismatch


def check_exact(expected: str, actual: str, _options: Mapping[str, Any], /) -> Mismatch | None:
    """Ignores one trailing newline of either."""
    expected, actual = expected.removesuffix("\n"), actual.removesuffix("\n")
    if expected == actual:
        return None
    wanted, found = _terminated(expected), _terminated(actual)
    position = _first_difference(wanted, found)
    line = found.count("\n", 0, position) + 1
    start = found.rfind("\n", 0, position) + 1
    return Mismatch(place=f"line {line}", expected=_line(wanted, start), actual=_line(found, start))


def _terminated(text: str) -> str:
    """Every line ended by a newline, so that a missing line is told from an empty one."""
    return text + "\n" if text else ""


def _first_difference(first: str, second: str) -> int:
    """Index of the first difference between texts that differ, by halving: comparing slices is fast."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _line(text: str, start: int) -> str | None:
    """The line that begins at `start`, None when the text has ended before."""
    return None if start >= len(text) else text[start : text.index("\n", start)]
