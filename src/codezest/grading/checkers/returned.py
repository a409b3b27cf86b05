"""Comparing what a function returned with what was expected, both as JSON."""

import json
import math
from collections.abc import Mapping
from typing import Any

from codezest.grading.checkers.floats import tolerances
from codezest_db.enums import CheckerKind


def compare_returned(expected: str, actual: bytes, kind: CheckerKind, options: Mapping[str, Any]) -> bool:
    """Whether the values are the same.

    Args:
        expected: JSON text of the author's.
        actual: what came from the learner's process: anything.
        kind: EXACT (numbers by value, true is not 1) · FLOAT (numbers within a tolerance) · TOKENS (texts by their words) ·
            UNORDERED_LINES (lists regardless of order, at the outermost level).
        options: of the checker.
    """
    try:
        wanted, found = json.loads(expected), json.loads(actual.decode("utf-8"))
        if kind is CheckerKind.UNORDERED_LINES and isinstance(wanted, list) and isinstance(found, list):
            return _same_members(wanted, found)
        return _same(wanted, found, kind, tolerances(options))
    except (ValueError, RecursionError, OverflowError):  # no JSON, no text, too many digits, nested too deeply
        return False


def _same_members(wanted: list[Any], found: list[Any]) -> bool:
    return sorted(json.dumps(_canonical(item), sort_keys=True) for item in wanted) == sorted(
        json.dumps(_canonical(item), sort_keys=True) for item in found
    )


def _canonical(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    return value


def _same(wanted: Any, found: Any, kind: CheckerKind, allowed: tuple[float, float]) -> bool:
    match wanted, found:
        case (bool(), _) | (_, bool()):
            same = wanted is found
        case (int() | float(), int() | float()):
            same = _same_number(wanted, found, allowed if kind is CheckerKind.FLOAT else None)
        case (str(), str()) if kind is CheckerKind.TOKENS:
            same = wanted.split() == found.split()
        case (list(), list()):
            same = len(wanted) == len(found) and all(
                _same(first, second, kind, allowed) for first, second in zip(wanted, found, strict=True)
            )
        case (dict(), dict()):
            same = wanted.keys() == found.keys() and all(
                _same(value, found[key], kind, allowed) for key, value in wanted.items()
            )
        case _:
            same = type(wanted) is type(found) and wanted == found
    return same


def _same_number(wanted: float, found: float, allowed: tuple[float, float] | None) -> bool:
    """By value; within (absolute, relative) tolerances if any are allowed. NaN is NaN here."""
    if wanted == found or (wanted != wanted and found != found):  # noqa: PLR0124
        return True
    if allowed is None:
        return False
    absolute, relative = allowed
    return math.isclose(wanted, found, rel_tol=relative, abs_tol=absolute)
