"""What a content folder says, as frozen values. Positions count from 1; media keys are ``<language>/<file>``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from codezest.services.learning.content.example import Example
from codezest_db.enums import (
    AssignmentKind,
    CheckerKind,
    Difficulty,
    GradingMode,
    MaterialType,
    PublicationStatus,
    QuestionType,
    Scoring,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialContent:
    id: UUID
    slug: str
    title: str
    description: str | None
    status: PublicationStatus
    position: int
    type: MaterialType
    content: str
    code: str | None
    sample_input: str | None
    """What the input box of an INTERACTIVE or CODE_EXAMPLE holds at first."""
    sample_output: str | None
    """What its program must print."""
    video_key: str | None
    image_key: str | None
    captions_key: str | None
    file_key: str | None
    transcript: str | None
    duration_minutes: int | None
    examples: tuple[Example, ...]
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Columns that an export names, since the format has no field for what they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestContent:
    key: str
    name: str
    stdin: str
    args: tuple[str, ...]
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
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSolution:
    """A program that must fail: exactly the tests in ``fails`` (keys), each with ``verdict``."""

    name: str
    """A file of wrong/, or a folder of it."""
    code: str
    files: dict[str, str]
    """Text by path, beside ``code``."""
    is_folder: bool = False
    verdict: Verdict
    fails: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentContent:
    id: UUID
    slug: str
    title: str
    description: str | None
    status: PublicationStatus
    position: int
    path: Path
    main: str
    """The file name of the program in start/ and solution/."""
    instructions: str
    difficulty: Difficulty
    kind: AssignmentKind
    language: str
    """Empty where nothing is run."""
    grading_mode: GradingMode
    function_name: str | None
    starter_code: str
    starter_files: dict[str, str]
    """Text by path, beside ``starter_code``."""
    solution_code: str
    solution_files: dict[str, str]
    harness: dict[str, Any]
    """The author's programs, as ``learning.assignments.harness`` holds them."""
    rules: tuple[dict[str, Any], ...]
    test_groups: tuple[dict[str, Any], ...]
    seed: int
    separate_processes: bool
    hints: tuple[str, ...]
    max_score: int
    time_limit_minutes: int | None
    timing: dict[str, Any]
    """Columns that say when it is open and due, and what lateness costs."""
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    checker: CheckerKind
    checker_options: dict[str, Any]
    tests: tuple[TestContent, ...]
    wrong: tuple[WrongSolution, ...]
    unnamed: frozenset[str] = frozenset()
    """Columns that the files leave as they are."""
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionContent:
    id: UUID
    key: str
    text: str
    is_correct: bool
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    id: UUID
    key: str
    type: QuestionType
    text: str
    explanation: str
    topic: str
    difficulty: Difficulty
    points: int
    options: tuple[OptionContent, ...]
    media: dict[str, Any] | None = None
    answer_key: dict[str, Any] | None = None
    """For types that have no options, as ``learning.questions.answer_key`` holds it."""
    place: tuple[Path, int] | None = field(default=None, compare=False)
    """The file and the line that it stands in."""
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizContent:
    id: UUID
    slug: str
    title: str
    description: str | None
    status: PublicationStatus
    position: int
    passing_score: int
    time_limit_minutes: int | None
    attempt_limit: int | None
    shuffle: bool
    shuffle_options: bool
    draw_count: int | None
    draws: tuple[dict[str, Any], ...]
    """As ``learning.quizzes.draws`` holds them."""
    scoring: Scoring
    wrong_penalty_percent: int
    timing: dict[str, Any]
    """Columns that say when it is open and due, and what lateness costs."""
    questions: tuple[QuestionContent, ...]
    unnamed: frozenset[str] = frozenset()
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


Item = MaterialContent | AssignmentContent | QuizContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleContent:
    id: UUID
    slug: str
    title: str
    description: str | None
    status: PublicationStatus
    position: int
    syllabus: tuple[str, ...]
    prerequisites: tuple[UUID, ...]
    estimated_minutes: int | None
    opens_at: datetime | None = None
    """Closed to learners before."""
    opens_after_days: int | None = None
    items: tuple[Item, ...]
    unnamed: frozenset[str] = frozenset()
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def materials(self) -> tuple[MaterialContent, ...]:
        return tuple(item for item in self.items if isinstance(item, MaterialContent))

    @property
    def assignments(self) -> tuple[AssignmentContent, ...]:
        return tuple(item for item in self.items if isinstance(item, AssignmentContent))

    @property
    def quizzes(self) -> tuple[QuizContent, ...]:
        return tuple(item for item in self.items if isinstance(item, QuizContent))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedContent:
    """A rubric or a file that was sent in, as an export lists it."""

    id: UUID
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathContent:
    """The course that is a language's path."""

    id: UUID
    title: str
    subtitle: str | None
    description: str | None
    category: str | None
    tags: tuple[str, ...]
    spoken_language: str
    instructor_email: str | None
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageContent:
    id: UUID
    slug: str
    name: str
    description: str | None
    icon: str | None
    difficulty: Difficulty
    runtime: str
    position: int
    is_active: bool
    path: PathContent
    modules: tuple[ModuleContent, ...]
    bank: tuple[QuestionContent, ...] = ()
    folder: Path = Path()
    rubrics: tuple[AttachedContent, ...] = ()
    uploads: tuple[AttachedContent, ...] = ()
    requires: tuple[str, ...] = ()
    """Slugs of courses to complete before."""
    unnamed: frozenset[str] = frozenset()
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseContent:
    """A course that stands by itself."""

    id: UUID
    slug: str
    title: str
    subtitle: str | None
    description: str | None
    level: Difficulty
    category: str | None
    tags: tuple[str, ...]
    spoken_language: str
    price_minor: int
    currency: str
    status: PublicationStatus
    language_slug: str | None
    """Of the programming language that it teaches."""
    runtime: str
    instructor_email: str | None
    modules: tuple[ModuleContent, ...]
    bank: tuple[QuestionContent, ...] = ()
    folder: Path = Path()
    rubrics: tuple[AttachedContent, ...] = ()
    uploads: tuple[AttachedContent, ...] = ()
    requires: tuple[str, ...] = ()
    """Slugs of courses to complete before."""
    unnamed: frozenset[str] = frozenset()
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])
