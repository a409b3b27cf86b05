"""Programs of questions: what came of running one."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest_db.enums import TrialStatus, Verdict


class ProgramToTry(ApiModel):
    """What is to be run on the tests that a question shows."""

    code: Annotated[str, StringConstraints(min_length=1)] = Field(description="At most 65,536 bytes of UTF-8.")


class RanTest(ApiResponse):
    """How a program fared on a test that its reader may know."""

    name: str
    visible: bool = Field(description="To learners.")
    verdict: Verdict
    points: int
    max_points: int
    time_ms: int = Field(description="CPU time.")
    memory_kb: int
    stdin: str
    arguments: list[Any] | None = Field(default=None, description="Of the function that was called.")
    expected: str
    stdout: str
    stderr: str
    message: str | None


class ProgramRun(ApiResponse):
    """A question's program on its way through the tests, and what came of it."""

    status: TrialStatus
    verdict: Verdict | None = Field(description="The worst of its tests; null until it is DONE.")
    compile_output: str | None
    function: str | None = Field(default=None, description="What its tests called; null: it was run as a whole.")
    tests: list[RanTest] = Field(description="Visible ones, and all for authors. Empty where it could not be compiled.")
    hidden: int = Field(description="How many tests it was graded by besides.")
    hidden_passed: int
    problem: str | None = Field(description="Of status FAILED: why nothing could be run.")
    requested_at: datetime
    finished_at: datetime | None

    @property
    def is_unfinished(self) -> bool:
        return self.status in {TrialStatus.PENDING, TrialStatus.RUNNING}

    @property
    def passed(self) -> int:
        """How many of the tests that are shown accepted it."""
        return sum(test.verdict is Verdict.AC for test in self.tests)


class SolutionCheck(ProgramRun):
    """The latest run of a question's solution on all of its tests."""

    current: bool = Field(description="Whether the question still has the key that was checked.")

    @property
    def passes(self) -> bool:
        return self.status is TrialStatus.DONE and bool(self.tests) and self.passed == len(self.tests)
