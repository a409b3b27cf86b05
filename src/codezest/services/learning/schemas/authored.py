"""Content as its authors see it: drafts, hidden tests, right answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.catalog import ItemKind
from codezest_db.enums import (
    AssignmentKind,
    CheckerKind,
    Difficulty,
    GradingMode,
    LatePolicy,
    MaterialType,
    PublicationStatus,
    QuestionType,
    Scoring,
)


class Dated(ApiResponse):
    created_at: datetime
    updated_at: datetime


class Revised(Dated):
    revision: str = Field(description="Names what was read; sent back with a change, it tells two writers apart.")


class AuthoredItem(ApiResponse):
    kind: ItemKind
    id: UUID
    slug: str
    title: str
    position: int
    status: PublicationStatus


class ModuleAlone(Revised):
    """A module without what it lists."""

    id: UUID
    course_id: UUID
    title: str
    slug: str
    description: str | None
    syllabus: list[str]
    position: int
    estimated_minutes: int | None
    opens_at: datetime | None
    opens_after_days: int | None
    status: PublicationStatus
    prerequisite_ids: list[UUID]


class AuthoredModule(ModuleAlone):
    items: list[AuthoredItem]


class AuthoredLanguage(Dated):
    id: UUID
    name: str
    slug: str
    description: str | None
    icon: str | None
    difficulty: Difficulty
    is_active: bool
    runtime: str | None
    position: int
    course_id: UUID
    title: str
    subtitle: str | None
    long_description: str | None
    category: str | None
    tags: list[str]
    spoken_language: str
    instructor_user_id: UUID | None
    status: PublicationStatus
    published_at: datetime | None
    enrollment_count: int
    modules: list[AuthoredModule]


class InModule(Revised):
    id: UUID
    module_id: UUID
    slug: str
    title: str
    description: str | None
    position: int
    status: PublicationStatus


class AuthoredMaterial(InModule):
    type: MaterialType
    content: str | None
    code: str | None
    sample_input: str | None
    sample_output: str | None
    video_url: str | None
    video_key: str | None
    image_url: str | None
    image_key: str | None
    file_url: str | None
    file_key: str | None
    captions_url: str | None
    transcript: str | None
    duration_minutes: int | None
    quiz_id: UUID | None


class AuthoredTest(Dated):
    id: UUID
    assignment_id: UUID
    name: str
    position: int
    stdin: str
    args: list[str]
    files: dict[str, str]
    expected: str | None
    checker: CheckerKind | None
    checker_options: dict[str, Any] | None
    points: int
    visible: bool
    kind_of_case: str | None
    cpu_seconds: float | None
    wall_seconds: float | None
    memory_bytes: int | None
    output_bytes: int | None
    group_name: str | None
    bonus: bool
    sample: bool
    arguments: list[Any] | None
    generator: dict[str, Any] | None


class AuthoredAssignment(InModule):
    instructions: str | None
    kind: AssignmentKind
    language: str | None
    difficulty: Difficulty
    grading_mode: GradingMode
    function_name: str | None
    starter_code: str | None
    starter_files: dict[str, str]
    solution_code: str | None
    solution_files: dict[str, str]
    wrong_programs: list[dict[str, Any]] = Field(description="Programs that the tests have to refuse.")
    harness: dict[str, Any]
    rules: list[dict[str, Any]]
    test_groups: list[dict[str, Any]]
    seed: int
    separate_processes: bool
    hints: list[str]
    max_score: int
    time_limit_minutes: int | None
    available_from: datetime | None
    available_until: datetime | None
    due_at: datetime | None
    allow_late: bool
    late_policy: LatePolicy
    late_penalty_percent: int
    late_floor_percent: int
    graded_by_hand: bool
    anonymous_grading: bool
    hold_grades: bool
    passing_score: int
    regrade_days: int | None
    rubric_id: UUID | None
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    checker: CheckerKind
    checker_options: dict[str, Any]
    tests_revision: str | None
    tests: list[AuthoredTest]


class AuthoredOption(Dated):
    id: UUID
    question_id: UUID
    text: str
    is_correct: bool
    position: int


class AuthoredQuestion(Revised):
    id: UUID
    quiz_id: UUID | None
    course_id: UUID | None = Field(description="Whose bank it is in; null: it belongs to a quiz.")
    type: QuestionType
    text: str
    explanation: str | None
    points: int
    position: int
    difficulty: Difficulty
    topic: str | None
    media: dict[str, Any] | None
    answer_key: dict[str, Any] | None
    options: list[AuthoredOption]


class AuthoredQuestionPage(Page[AuthoredQuestion]):
    """One page of a course's bank, the newest first."""


class BankTopic(ApiResponse):
    """How many questions of the bank a draw could choose from."""

    topic: str | None
    difficulty: Difficulty
    questions: int


class BankTopics(ApiResponse):
    items: list[BankTopic]


class ImportedQuestions(ApiResponse):
    copied: int


class AuthoredQuiz(InModule):
    passing_score: int
    time_limit_minutes: int | None
    attempt_limit: int | None
    shuffle: bool
    shuffle_options: bool
    draw_count: int | None
    draws: list[dict[str, Any]]
    scoring: Scoring
    wrong_penalty_percent: int
    available_from: datetime | None
    available_until: datetime | None
    due_at: datetime | None
    late_policy: LatePolicy
    late_penalty_percent: int
    late_floor_percent: int
    order_revision: str = Field(description="Names the questions in their order; see the route that orders them.")
    asked_count: int = Field(description="How many questions an attempt asks: its own, and those drawn from the bank.")
    questions: list[AuthoredQuestion]
