"""What grading gives back."""

from dataclasses import dataclass
from typing import ClassVar

from codezest_db.enums import SubmissionStatus, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOutcome:
    """How one test went. All text is valid UTF-8 without control characters, cut at a marked place."""

    __test__: ClassVar[bool] = False  # keeps pytest from collecting it

    index: int
    """Position of the test in the specification, from 0."""
    name: str
    verdict: Verdict
    points: int
    max_points: int
    time_ms: int
    """CPU time of the whole process tree."""
    memory_kb: int
    """Peak memory beyond that of the idle interpreter."""
    visible: bool
    stdout: str
    stderr: str
    group: str | None = None
    bonus: bool = False
    fraction: float | None = None
    """Of a wrong answer: the share of the points that an author's checker gave."""
    message: str | None
    """One or two sentences for the learner; None when accepted. Names expected output of visible tests only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The result of one submission."""

    verdict: Verdict
    """The worst of the tests; CE when none could run."""
    status: SubmissionStatus
    """PASSED, FAILED or ERROR."""
    score: int
    """0 to the specification's `max_score`, which only full marks reach."""
    outcomes: tuple[TestOutcome, ...]
    """One for each test, in order; empty after a compile error."""
    feedback: str
    """Plain text for the learner."""
    compile_output: str | None
    """What the compiler said: errors, or warnings of a program that ran. None when it said nothing."""
    runtime: str
    """`CPython 3.11.7`: the toolchain's version."""
    tier: str
    """Name of the isolation tier it ran under."""
    fault: str | None = None
    """Of a verdict IE: what went wrong, for authors and operators; never for learners."""
    author_fault: bool = False
    """Of a verdict IE: whether a program of the author failed, so that trying again cures nothing."""
