"""A program within a text, and what it prints."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A program shown to learners, and what it prints; None when the text does not say."""

    path: Path
    line: int | None
    code: str
    stdin: str
    expected: str | None
