"""TOKENS: the same words in the same order, however they are spaced."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from codezest.grading.checkers.mismatch import Mismatch

_TOKEN = re.compile(r"\S+")


def tokens(text: str, separator: str = "") -> Iterator[str]:
    """Lazily: ten million words never stand in memory at once. `separator`: characters that part words beside white space."""
    pattern = re.compile(rf"[^\s{re.escape(separator)}]+") if separator else _TOKEN
    return (match.group() for match in pattern.finditer(text))


def check_tokens(expected: str, actual: str, options: Mapping[str, Any], /) -> Mismatch | None:
    """Compares words separated by white space, and by any character of the option `separator`."""
    separator = str(options.get("separator", ""))
    pairs = zip_longest(tokens(expected, separator), tokens(actual, separator))
    for position, (wanted, found) in enumerate(pairs, start=1):
        if wanted != found:
            return Mismatch(place=f"word {position}", expected=wanted, actual=found)
    return None
