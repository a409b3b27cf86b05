"""How items and learners of a course do, for those who teach it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import QuestionType

FEW = 10
"""Below so many learners figures say little, and are marked."""


class OptionStatistics(ApiResponse):
    text: str
    is_correct: bool
    upper: int = Field(description="How many of the best third chose it.")
    middle: int
    lower: int


class QuestionStatistics(ApiResponse):
    id: UUID
    text: str
    type: QuestionType
    learners: int
    few: bool = Field(description="Fewer than ten learners: the figures say little.")
    difficulty: float | None = Field(description="Mean share of the points, 0 to 1; the higher, the easier.")
    discrimination: float | None = Field(
        description="Correlation of this question's points with those of all other questions, -1 to 1."
    )
    median_seconds: float | None
    options: list[OptionStatistics]


class QuizStatistics(ApiResponse):
    """Of every learner's first finished attempt."""

    quiz_id: UUID
    title: str
    learners: int
    mean_score: float | None = Field(description="Percent.")
    questions: list[QuestionStatistics]


class TestStatistics(ApiResponse):
    name: str
    learners: int
    few: bool
    submissions: int
    passed: float = Field(description="Share of the submissions that passed it.")
    first_try: float | None = Field(description="Share of the learners whose first submission passed it.")
    attempts_to_pass: float | None = Field(description="Mean, of those who passed it.")


class AssignmentStatistics(ApiResponse):
    """Of the newest 5 000 graded submissions; the hardest test first."""

    assignment_id: UUID
    title: str
    learners: int
    few: bool
    submissions: int
    passed: float | None = Field(description="Share of the learners who passed.")
    first_try: float | None
    attempts_to_pass: float | None
    tests: list[TestStatistics]


class ProgressBand(ApiResponse):
    first: int = Field(description="Percent of progress, with which it begins.")
    last: int
    learners: int


class StuckLearner(ApiResponse):
    user_id: UUID
    name: str | None
    why: Literal["FAILING", "INACTIVE"]
    title: str | None = Field(description="With FAILING: the exercise.")
    assignment_id: UUID | None
    submission_id: UUID | None
    failures: int | None
    progress_percent: int
    last_active_at: datetime | None


class HardItem(ApiResponse):
    id: UUID
    kind: Literal["ASSIGNMENT", "QUIZ"]
    title: str
    tries: int
    share: float = Field(description="Of submissions that passed, or of points in attempts; 0 to 1.")


class Inbox(ApiResponse):
    """What waits for somebody who teaches; counted to 1 000."""

    to_grade: int
    answers: int
    requests: int
    analyses: int
    reviews: int = Field(description="Written in the last seven days.")
    enrolled: int = Field(description="In the last seven days.")


class ModulePlace(ApiResponse):
    module_id: UUID
    title: str
    learners: int = Field(description="Those with steps left to do who were in it last, of the newest 20 000.")
    resting: int = Field(description="Those of them who have done nothing for two weeks.")


class Insights(ApiResponse):
    learners: int
    mean_progress: float | None
    progress: list[ProgressBand]
    places: list[ModulePlace]
    inbox: Inbox
    stuck: list[StuckLearner]
    hardest: list[HardItem]


class CourseAttention(ApiResponse):
    course_id: UUID
    title: str
    to_grade: int
    requests: int
    stuck: int
    enrolled: int


class Attention(ApiResponse):
    """The courses in which the caller teaches and something waits, or has happened this week."""

    items: list[CourseAttention]
