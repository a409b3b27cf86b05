"""What learners send to be judged, and what they get back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, StrictInt

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiModel, ApiResponse
from codezest_db.enums import (
    AttemptStatus,
    Difficulty,
    QuestionType,
    SubmissionPurpose,
    SubmissionStatus,
    Verdict,
)


class Program(ApiModel):
    """A program to run or to submit."""

    code: str = Field(min_length=1, description="At most 65,536 bytes of UTF-8.")


class ProgramWithInput(Program):
    stdin: str = Field(default="", description="What the program reads; at most 65,536 bytes of UTF-8.")


class SubmissionReceipt(ApiResponse):
    """The work is kept and waits for its turn; follow `submissions/{id}/events`, or read `submissions/{id}`."""

    id: UUID
    status: SubmissionStatus


class SubmissionSummary(ApiResponse):
    id: UUID
    purpose: SubmissionPurpose
    status: SubmissionStatus
    verdict: Verdict | None
    score: int | None
    max_score: int
    attempt_number: int | None
    is_late: bool
    submitted_at: datetime
    graded_at: datetime | None


class SubmissionPage(Page[SubmissionSummary]):
    """One page of submissions, the newest first."""


class TestResult(ApiResponse):
    """How a program fared on one test; of a hidden test only verdict, points and what it tries."""

    __test__ = False

    name: str
    verdict: Verdict
    points: int
    max_points: int
    visible: bool
    time_ms: int | None = Field(description="CPU time.")
    memory_kb: int | None = Field(description="Peak.")
    stdin: str | None
    expected: str | None
    stdout: str | None
    stderr: str | None
    message: str | None
    kind_of_case: str | None


class SubmissionDetail(SubmissionSummary):
    assignment_id: UUID | None
    material_id: UUID | None
    user_id: UUID
    title: str
    module_id: UUID
    code: str | None
    stdin: str | None
    language: str | None
    feedback: str | None
    compile_output: str | None
    tests_revision: str | None
    runtime: str | None
    sandbox_tier: str | None
    started_at: datetime | None
    total_tests: int
    tests: list[TestResult]


class GivenAnswer(ApiModel):
    question_id: UUID
    option_ids: list[UUID] = Field(max_length=50)
    seconds_spent: StrictInt | None = Field(default=None, ge=0, le=86_400)


class GivenAnswers(ApiModel):
    """Questions that are left out count as wrong."""

    answers: list[GivenAnswer] = Field(max_length=500)


class AttemptSummary(ApiResponse):
    id: UUID
    quiz_id: UUID
    attempt_number: int
    status: AttemptStatus
    started_at: datetime
    deadline_at: datetime | None
    completed_at: datetime | None
    time_taken_seconds: int | None
    score: int | None = Field(description="Percent.")
    points: int | None
    max_points: int | None
    passed: bool | None


class OfferedOption(ApiResponse):
    id: UUID
    text: str


class AnswerReview(ApiResponse):
    """How a question was answered, and what is right."""

    chosen_option_ids: list[UUID]
    correct_option_ids: list[UUID]
    is_correct: bool
    points: int
    explanation: str | None
    seconds_spent: int | None


class AttemptQuestion(ApiResponse):
    id: UUID
    type: QuestionType
    text: str = Field(description="Markdown.")
    points: int
    difficulty: Difficulty
    topic: str | None
    media: dict[str, Any] | None
    options: list[OfferedOption]
    review: AnswerReview | None = Field(description="Null until the attempt is graded.")


class AttemptDetail(AttemptSummary):
    title: str
    module_id: UUID
    passing_score: int = Field(description="Percent.")
    seconds_left: int | None = Field(description="Of a running attempt with a time limit; otherwise null.")
    questions: list[AttemptQuestion] = Field(description="In the order of this attempt.")
