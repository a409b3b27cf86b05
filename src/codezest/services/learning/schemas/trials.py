"""What an author learns of a try."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.authoring_assignments import MAX_TESTS
from codezest_db.enums import TrialStatus, Verdict


class TriedTest(ApiResponse):
    name: str
    verdict: Verdict
    points: int
    max_points: int
    time_ms: int = Field(description="CPU time.")
    memory_kb: int
    stdout: str
    stderr: str
    message: str | None
    proposed: str | None = Field(
        description="What could be expected: what was printed or returned, where that is known."
    )


class TriedProgram(ApiResponse):
    """How one program went through all tests, hidden ones included."""

    verdict: Verdict
    score: int
    compile_output: str | None
    feedback: str
    fault: str | None = Field(description="What went wrong with the author's own programs.")
    tests: list[TriedTest] = Field(description="Empty where the program could not be compiled.")

    @property
    def passed(self) -> int:
        """How many tests accepted it."""
        return sum(test.verdict is Verdict.AC for test in self.tests)


class TrialDetail(ApiResponse):
    """The caller's latest try of an assignment. Results come one after the other while it runs."""

    id: UUID
    assignment_id: UUID
    status: TrialStatus
    current: bool = Field(description="Whether the assignment still has the tests that it was graded by.")
    solution: TriedProgram | None
    starter: TriedProgram | None
    problem: str | None = Field(description="Of status FAILED: why nothing could be run.")
    requested_at: datetime
    finished_at: datetime | None


class OutputsToExpect(ApiModel):
    """Which tests are to expect what the solution printed or returned."""

    positions: list[Annotated[int, Field(ge=0, lt=MAX_TESTS)]] = Field(
        min_length=1, max_length=MAX_TESTS, description="From 0, in the order of the tests."
    )
