"""Comparing a program's output with what was expected.

A checker gets both texts and says None, or why it refuses. Its work is bounded by the lengths of the two; it never builds
numbers out of arbitrarily long digits, and gives up at the first difference.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from codezest.grading.checkers.exact import check_exact
from codezest.grading.checkers.floats import check_floats
from codezest.grading.checkers.mismatch import Mismatch
from codezest.grading.checkers.tokens import check_tokens
from codezest.grading.checkers.unordered_lines import check_unordered_lines
from codezest_db.enums import CheckerKind

__all__ = ["Checker", "Mismatch", "checker_for"]


class Checker(Protocol):
    """Compares; pure."""

    def __call__(self, expected: str, actual: str, options: Mapping[str, Any], /) -> Mismatch | None: ...


_CHECKERS: dict[CheckerKind, Checker] = {
    CheckerKind.EXACT: check_exact,
    CheckerKind.FLOAT: check_floats,
    CheckerKind.TOKENS: check_tokens,
    CheckerKind.UNORDERED_LINES: check_unordered_lines,
}


def checker_for(kind: CheckerKind) -> Checker:
    """For every kind but CUSTOM, which is a program of the author's: see `modes.custom_checker`."""
    return _CHECKERS[kind]
