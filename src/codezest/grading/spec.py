"""What is to be graded: tests, limits and points, as an assignment gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, ClassVar

from codezest_db.enums import CheckerKind

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingLimits:
    """Limits of each test of an assignment. Seconds and bytes."""

    cpu_seconds: float = 2.0
    wall_seconds: float = 6.0
    memory_bytes: int = 128 * MEBIBYTE
    """Beyond what the idle interpreter takes."""
    output_bytes: int = MEBIBYTE
    file_bytes: int = 8 * MEBIBYTE
    processes: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSpec:
    """One test. What is None is taken from the assignment's limits.

    Raises:
        ValueError: a file's name leaves the working directory, or points are negative.
    """

    __test__: ClassVar[bool] = False  # keeps pytest from collecting it

    name: str
    stdin: str = ""
    args: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Relative path → content, placed in the directory where the program starts."""
    expected: str | None = None
    """Never enters the sandbox. None: the program is only run, and accepted when it ends normally."""
    points: int = 1
    visible: bool = True
    checker: CheckerKind = CheckerKind.EXACT
    checker_options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    memory_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.points < 0:
            raise ValueError(f"test {self.name!r}: points must not be negative")
        for name in self.files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
                raise ValueError(f"test {self.name!r}: {name!r} is no path below the working directory")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingSpec:
    """All that a grade depends on besides the source."""

    language: str
    """Key of a language in `codezest.grading.languages`."""
    tests: tuple[TestSpec, ...]
    limits: GradingLimits = field(default_factory=GradingLimits)
    max_score: int = 100
