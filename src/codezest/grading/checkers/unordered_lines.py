"""UNORDERED_LINES: the same lines, each as often, in any order."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from codezest.grading.checkers.mismatch import Mismatch


def check_unordered_lines(expected: str, actual: str, options: Mapping[str, Any], /) -> Mismatch | None:
    """Ignores white space at the end of lines and empty lines at the end of the text.

    Options: `header`, the number of first lines that stay where they are (0 unless given), as the names of the columns of a
    table do.

    The lines of the output are only taken apart once there are as many of them as expected, so that a flood costs one
    count.
    """
    expected, actual = expected.rstrip(), actual.rstrip()
    wanted_count, found_count = _line_count(expected), _line_count(actual)
    if wanted_count != found_count:
        return Mismatch(place="the number of lines", expected=f"{wanted_count} lines", actual=f"{found_count} lines")
    header = int(options.get("header", 0))
    wanted = [line.rstrip() for line in expected.split("\n")]
    missing = Counter(wanted[header:])
    for position, line in enumerate(actual.split("\n"), start=1):
        key = line.rstrip()
        if position <= header:
            if key != wanted[position - 1]:
                return Mismatch(place=f"line {position}", expected=wanted[position - 1], actual=key)
            continue
        if missing[key] == 0:
            return Mismatch(place=f"line {position}", expected="one of the lines still missing", actual=key)
        missing[key] -= 1
    return None


def _line_count(text: str) -> int:
    return text.count("\n") + 1 if text else 0
