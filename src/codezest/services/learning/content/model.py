"""What a content folder says, as frozen values. Positions count from 1; media keys are ``<language>/<file>``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from codezest_db.enums import (
    CheckerKind,
    Difficulty,
    GradingMode,
    MaterialType,
    PublicationStatus,
    QuestionType,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A program shown to learners, and what it prints; None when the text does not say."""

    path: Path
    line: int | None
    code: str
    stdin: str
    expected: str | None


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
    video_key: str | None
    image_key: str | None
    captions_key: str | None
    file_key: str | None
    transcript: str | None
    duration_minutes: int | None
    examples: tuple[Example, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSolution:
    """A program that must fail: exactly the tests in ``fails`` (keys), each with ``verdict``."""

    name: str
    """A file of wrong/, or a folder of it."""
    code: str
    files: dict[str, str]
    """Text by path, beside ``code``."""
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
    language: str
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
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    checker: CheckerKind
    checker_options: dict[str, Any]
    tests: tuple[TestContent, ...]
    wrong: tuple[WrongSolution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionContent:
    id: UUID
    key: str
    text: str
    is_correct: bool


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
    draw_count: int | None
    questions: tuple[QuestionContent, ...]


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
    items: tuple[Item, ...]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedContent:
    root: Path
    languages: tuple[LanguageContent, ...]

    @property
    def instructor_emails(self) -> frozenset[str]:
        """Who the paths' instructors are, for whoever may look up users."""
        return frozenset(
            language.path.instructor_email for language in self.languages if language.path.instructor_email is not None
        )
