"""What is to be graded: tests, limits and points, as an assignment gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from codezest.grading.rules import StaticRule
from codezest_db.enums import CheckerKind, GradingMode, GroupPolicy
from codezest_sandbox.archive import check_name

MEBIBYTE = 1 << 20
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


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
class AuthorProgram:
    """A program of the author that takes part in grading, in a sandbox of its own, which learners' programs never see."""

    language: str
    """Key of a language in `codezest.grading.languages`."""
    files: Mapping[str, str]
    """Relative path → source; the first is the entry.

    Raises ValueError when there is none, or a path leaves its directory.
    """

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError("a program has at least one file")
        for name in self.files:
            check_name(name)

    @property
    def entry(self) -> str:
        return next(iter(self.files))


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedInput:
    """Input made by a program instead of stored: the same for the same seed.

    The program is run with `args` followed by the seed, and what it prints is the test's standard input. Where the test
    names no expected output, the program's second run, with `--expected` before the seed, prints that.
    """

    program: AuthorProgram
    args: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TestGroup:
    """Tests that count together."""

    __test__: ClassVar[bool] = False  # keeps pytest from collecting it

    name: str
    policy: GroupPolicy = GroupPolicy.SUM
    points: int | None = None
    """None: the sum of its tests' points."""


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
    output_bytes: int | None = None
    group: str | None = None
    """Name of a group of the specification."""
    bonus: bool = False
    """Whether it earns points beyond the maximum's share and is not needed to pass."""
    sample: bool = False
    """Whether it is also shown among the instructions; such a test is visible."""
    arguments: tuple[Any, ...] | None = None
    """FUNCTION: what the function is called with, as JSON values; `expected` is then the JSON text of what it returns."""
    generator: GeneratedInput | None = None

    def __post_init__(self) -> None:
        if self.points < 0:
            raise ValueError(f"test {self.name!r}: points must not be negative")
        for name in self.files:
            try:
                check_name(name)
            except ValueError as error:
                raise ValueError(f"test {self.name!r}: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingSpec:
    """All that a grade depends on besides the source."""

    language: str
    """Key of a language in `codezest.grading.languages`."""
    tests: tuple[TestSpec, ...]
    limits: GradingLimits = field(default_factory=GradingLimits)
    max_score: int = 100
    mode: GradingMode = GradingMode.STDIO
    entry: str | None = None
    """Path of the main file of a submission of several; None: as the language calls it."""
    function: str | None = None
    """FUNCTION: the name that is called."""
    checker_program: AuthorProgram | None = None
    """For tests whose checker is CUSTOM."""
    interactor: AuthorProgram | None = None
    """INTERACTIVE: what the learner's program talks with."""
    unit_tests: Mapping[str, str] = field(default_factory=dict[str, str])
    """UNIT_TESTS: file name → source. One test of the specification for each test function, by its name."""
    support_files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Sources placed beside the learner's, which they cannot replace."""
    rules: tuple[StaticRule, ...] = ()
    groups: tuple[TestGroup, ...] = ()
    seed: int = 0
    """Handed to the author's programs, so that a verdict can be reproduced."""
    strict: bool = False
    """Whether every test gets a process of its own even where a shared one is faster and as fair (Java)."""

    def __post_init__(self) -> None:
        if self.function is not None and not _NAME.fullmatch(self.function):
            raise ValueError(f"{self.function!r} is no name of a function")
