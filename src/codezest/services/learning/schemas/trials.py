"""What an author learns of a try."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, computed_field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.rules.limits import suggested_cpu_seconds, suggested_memory_bytes
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


class SuggestedLimits(ApiResponse):
    cpu_seconds: float = Field(description="Five times what the slowest test of the solution took, rounded up.")
    memory_bytes: int = Field(description="Twice what the hungriest took, rounded up.")


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

    @computed_field(description="From what was measured; null unless the solution, as it is now, passes every test.")
    @property
    def suggested(self) -> SuggestedLimits | None:
        """Limits that would suit it."""
        solution = self.solution
        if not self.current or solution is None or not solution.tests or solution.passed < len(solution.tests):
            return None
        return SuggestedLimits(
            cpu_seconds=suggested_cpu_seconds([test.time_ms for test in solution.tests]),
            memory_bytes=suggested_memory_bytes([test.memory_kb for test in solution.tests]),
        )


class OutputsToExpect(ApiModel):
    """Which tests are to expect what the solution printed or returned."""

    positions: list[Annotated[int, Field(ge=0, lt=MAX_TESTS)]] = Field(
        min_length=1, max_length=MAX_TESTS, description="From 0, in the order of the tests."
    )
