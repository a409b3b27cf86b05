"""FLOAT: as TOKENS, but numbers may differ a little."""

import math
import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from codezest.grading.checkers.mismatch import Mismatch
from codezest.grading.checkers.tokens import tokens

DEFAULT_TOLERANCE = 1e-6
_LONGEST_NUMBER = 400
"""Longer ones are compared as text: no double has so many digits, and reading them is work without use."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?", re.ASCII)


def check_floats(expected: str, actual: str, options: Mapping[str, Any], /) -> Mismatch | None:
    """Options: `absolute` and `relative`, each 1e-6 unless given; a number within either is accepted. `separator` as TOKENS."""
    absolute, relative = tolerances(options)
    separator = str(options.get("separator", ""))
    pairs = zip_longest(tokens(expected, separator), tokens(actual, separator))
    for position, (wanted, found) in enumerate(pairs, start=1):
        if wanted == found:
            continue
        if wanted is None or found is None or not _close(wanted, found, absolute, relative):
            return Mismatch(place=f"word {position}", expected=wanted, actual=found)
    return None


def tolerances(options: Mapping[str, Any]) -> tuple[float, float]:
    """(absolute, relative)."""
    return float(options.get("absolute", DEFAULT_TOLERANCE)), float(options.get("relative", DEFAULT_TOLERANCE))


def _close(wanted: str, found: str, absolute: float, relative: float) -> bool:
    first, second = _number(wanted), _number(found)
    if first is None or second is None:
        return False
    return math.isclose(first, second, rel_tol=relative, abs_tol=absolute)


def _number(text: str) -> float | None:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
