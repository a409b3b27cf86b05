"""A material, an assignment, a quiz, as learners get them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from codezest.grading.rules import RuleKind
from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.catalog import ItemContext
from codezest.services.learning.schemas.drafts import DraftDetail
from codezest.services.learning.schemas.terms import ItemTerms
from codezest.services.learning.schemas.work import AttemptSummary, SubmissionSummary
from codezest_db.enums import (
    AssignmentKind,
    CheckerKind,
    Difficulty,
    GradingMode,
    GroupPolicy,
    MaterialType,
    ProgressStatus,
    Scoring,
)


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
    reading_position: float | None = Field(description="How far down the text was read last, 0 to 1.")
    video_seconds: float | None = Field(description="Where the film was left.")
    draft: DraftDetail | None = Field(description="The program of its cell as the caller's editor held it last.")


class ExerciseTest(ApiResponse):
    """A test as learners see it: of a hidden one only its name, what it tries and its points."""

    name: str
    points: int
    visible: bool
    kind_of_case: str | None
    stdin: str | None = None
    args: list[str] | None = None
    files: dict[str, str] | None = Field(default=None, description="Text by file name.")
    arguments: list[Any] | None = Field(default=None, description="Of the function that is called, in mode FUNCTION.")
    expected: str | None = Field(
        default=None,
        description="Null: the program only has to end normally. In mode FUNCTION: JSON of what it returns.",
    )
    group_name: str | None = Field(default=None, description="The group of tests that it counts in.")
    bonus: bool = Field(default=False, description="Its points come on top; nobody needs them to pass.")
    sample: bool = Field(default=False, description="An example that belongs to the task.")
    generated: bool = Field(default=False, description="Its input is made when it is run, so it is not shown.")


class ExerciseRule(ApiResponse):
    """What the source must or must not contain."""

    kind: RuleKind
    name_of_construct: str | None = Field(alias="construct")
    message: str | None
    at_least: int | None
    at_most: int | None


class ExerciseGroup(ApiResponse):
    """Tests that count together."""

    name: str
    policy: GroupPolicy = Field(
        description="ALL: its points if every test is accepted; SUM: each test its share; MIN: the lowest share."
    )
    points: int | None = Field(description="Null: those of its tests together.")


class ExerciseLimits(ApiResponse):
    """What one test may use."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int


class AssignmentPlace(ItemContext):
    """Where an assignment stands, and what its results are told by."""

    function_name: str | None = Field(description="What tests of mode FUNCTION call.")
    groups: list[ExerciseGroup]
    tests: list[ExerciseTest]


class AssignmentDetail(AssignmentPlace):
    """An assignment, and what the caller did with it."""

    id: UUID
    slug: str
    title: str
    description: str | None
    instructions: str | None = Field(description="Markdown.")
    kind: AssignmentKind
    runtime: str | None = Field(description="The key under which its programs are run.")
    difficulty: Difficulty
    mode: GradingMode = Field(description="How programs are put to the test.")
    several_files: bool = Field(description="Whether programs are sent as `files`.")
    entry: str | None = Field(
        default=None, description="The file that programs begin with; null: no code is asked for."
    )
    starter_code: str | None = Field(description="Text of the file that programs begin with.")
    starter_files: dict[str, str] = Field(description="The other files to start from, text by path.")
    rules: list[ExerciseRule]
    hints: list[str] = Field(description="Markdown. Those that the caller has asked for so far.")
    hint_count: int = Field(description="How many there are.")
    max_score: int
    time_limit_minutes: int | None
    due_at: datetime | None
    allow_late: bool
    terms: ItemTerms
    checker: CheckerKind
    limits: ExerciseLimits
    submission_count: int
    status: ProgressStatus
    best: SubmissionSummary | None
    latest: SubmissionSummary | None
    latest_code: str | None = Field(description="The caller's newest program, whether run or submitted.")
    latest_files: dict[str, str] | None = Field(description="The other files of that program, text by path.")
    latest_id: UUID | None = Field(description="The submission or run that it was sent as.")
    latest_at: datetime | None
    draft: DraftDetail | None = Field(description="The caller's program as it was left in the editor.")


class QuizPlace(ItemContext):
    """Where a quiz stands, and how often it may be taken."""

    attempt_limit: int | None = Field(description="Null: as often as one likes.")
    attempts_left: int | None


class QuizDetail(QuizPlace):
    """A quiz before it is taken. Its questions come with an attempt."""

    id: UUID
    slug: str
    title: str
    description: str | None
    passing_score: int = Field(description="Percent.")
    scoring: Scoring
    wrong_penalty_percent: int = Field(description="Of a question's points, which a wrong answer takes away.")
    terms: ItemTerms
    time_limit_minutes: int | None
    question_count: int
    attempts_used: int
    status: ProgressStatus
    best_score: int | None
    open_attempt_id: UUID | None = Field(description="An attempt that is still running.")
    attempts: list[AttemptSummary] = Field(description="The caller's, the newest first.")
