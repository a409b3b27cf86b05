"""TOKENS: the same words in the same order, however they are spaced."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from codezest.grading.checkers.mismatch import Mismatch

_TOKEN = re.compile(r"\S+")


def tokens(text: str) -> Iterator[str]:
    """Lazily: ten million words never stand in memory at once."""
    return (match.group() for match in _TOKEN.finditer(text))


def check_tokens(expected: str, actual: str, _options: Mapping[str, Any], /) -> Mismatch | None:
    """Compares words separated by white space."""
    for position, (wanted, found) in enumerate(zip_longest(tokens(expected), tokens(actual)), start=1):
        if wanted != found:
            return Mismatch(place=f"word {position}", expected=wanted, actual=found)
    return None
