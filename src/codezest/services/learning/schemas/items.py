"""A material, an assignment, a quiz, as learners get them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.catalog import ItemContext
from codezest.services.learning.schemas.work import AttemptSummary, SubmissionSummary
from codezest_db.enums import AssignmentKind, CheckerKind, Difficulty, MaterialType, ProgressStatus


class MaterialDetail(ItemContext):
    id: UUID
    slug: str
    title: str
    description: str | None
    type: MaterialType
    content: str | None = Field(description="Markdown.")
    code: str | None
    sample_input: str | None = Field(description="What the program's input box holds at first.")
    video_url: str | None
    image_url: str | None
    file_url: str | None
    captions_url: str | None = Field(description="WebVTT.")
    transcript: str | None
    duration_minutes: int | None
    quiz_id: UUID | None
    runnable: bool = Field(description="Whether its program can be run here.")
    runtime: str | None
    status: ProgressStatus
    completed: bool
    view_count: int
    last_viewed_at: datetime | None
    completed_at: datetime | None


class ExerciseTest(ApiResponse):
    """A test as learners see it: of a hidden one only its name, what it tries and its points."""

    name: str
    points: int
    visible: bool
    kind_of_case: str | None
    stdin: str | None = None
    args: list[str] | None = None
    files: dict[str, str] | None = Field(default=None, description="Text by file name.")
    expected: str | None = Field(default=None, description="Null: the program only has to end normally.")


class ExerciseLimits(ApiResponse):
    """What one test may use."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int


class AssignmentDetail(ItemContext):
    id: UUID
    slug: str
    title: str
    description: str | None
    instructions: str | None = Field(description="Markdown.")
    kind: AssignmentKind
    runtime: str | None = Field(description="The key under which its programs are run.")
    difficulty: Difficulty
    starter_code: str | None
    hints: list[str]
    max_score: int
    time_limit_minutes: int | None
    due_at: datetime | None
    allow_late: bool
    checker: CheckerKind
    limits: ExerciseLimits
    tests: list[ExerciseTest]
    submission_count: int
    status: ProgressStatus
    best: SubmissionSummary | None
    latest: SubmissionSummary | None
    latest_code: str | None = Field(description="The caller's newest program, whether run or submitted.")


class QuizDetail(ItemContext):
    """A quiz before it is taken. Its questions come with an attempt."""

    id: UUID
    slug: str
    title: str
    description: str | None
    passing_score: int = Field(description="Percent.")
    time_limit_minutes: int | None
    question_count: int
    attempt_limit: int | None = Field(description="Null: as often as one likes.")
    attempts_used: int
    attempts_left: int | None
    status: ProgressStatus
    best_score: int | None
    open_attempt_id: UUID | None = Field(description="An attempt that is still running.")
    attempts: list[AttemptSummary] = Field(description="The caller's, the newest first.")
