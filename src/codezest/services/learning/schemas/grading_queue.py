"""The queue of work that people grade."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.hand_grading import ClaimBrief, LearnerBrief
from codezest_db.enums import AssignmentKind, HandGradingState

QueueStatus = Literal["waiting", "graded", "requests", "answers"]


class QueueEntry(ApiResponse):
    """One piece of work."""

    submission_id: UUID
    assignment_id: UUID
    assignment_title: str
    kind: AssignmentKind
    state: HandGradingState
    learner: LearnerBrief
    attempt_number: int | None
    submitted_at: datetime
    is_late: bool
    claim: ClaimBrief | None
    marks: int | None
    max_marks: int | None
    grade: str | None
    graded_at: datetime | None
    request_id: UUID | None = None
    request_reason: str | None = None


class QuizEntry(ApiResponse):
    """An attempt at a quiz with an answer that a person has to mark."""

    attempt_id: UUID
    quiz_id: UUID
    quiz_title: str
    learner: str
    waiting: int = Field(description="How many of its answers wait.")
    completed_at: datetime


class Choice(ApiResponse):
    id: UUID
    title: str


class QueueCounts(ApiResponse):
    """How much there is of each; 1,000 means that or more."""

    waiting: int
    graded: int
    requests: int
    answers: int


class GradingQueue(Page[QueueEntry]):
    """One page: what waits and requests oldest first, what is graded newest first."""

    counts: QueueCounts
    attempts: list[QuizEntry] = Field(description="With status `answers`: the attempts, and no items.")
    assignments: list[Choice] = Field(description="To filter by.")
    cohorts: list[Choice]


class QueueFilter(ApiModel):
    """What the queue is narrowed to."""

    status: QueueStatus = "waiting"
    assignment_id: UUID | None = None
    cohort_id: UUID | None = None
