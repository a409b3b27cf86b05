"""What authors send. A change names only what is to change; what a new thing leaves out gets its default.

Fields of a change that may not be null have no default: `ABSENT` stands for "not sent", and `columns` leaves it out.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, FiniteFloat, StrictBool, StrictInt, StringConstraints, field_validator

from codezest.grading.languages import languages
from codezest.kit.schemas import ApiModel
from codezest_db.base import SLUG_PATTERN
from codezest_db.enums import AssignmentKind, CheckerKind, Difficulty, MaterialType, PublicationStatus, QuestionType

MEBIBYTE = 1 << 20


def absent() -> Any:
    """The default of a field that was not sent."""
    return None


Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=SLUG_PATTERN)]
Line = Annotated[str, StringConstraints(max_length=1_000)]
Text = Annotated[str, StringConstraints(max_length=200_000)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"\S")]
Address = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^(https?://|/)\S+$")]
Minutes = Annotated[StrictInt, Field(ge=1, le=100_000)]
Seconds = Annotated[FiniteFloat, Field(strict=True, ge=0.001, le=120)]
Memory = Annotated[StrictInt, Field(ge=MEBIBYTE, le=4096 * MEBIBYTE)]
Points = Annotated[StrictInt, Field(ge=0, le=1_000)]
FileName = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,5}$")
]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
ItemStatus = Literal[PublicationStatus.DRAFT, PublicationStatus.PUBLISHED]
ChoiceType = Literal[QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE]


def _known_runtime(value: str | None) -> str | None:
    known = sorted(language.key for language in languages())
    if value is not None and value not in known:
        raise ValueError(f"programs in this language cannot be run; known are: {', '.join(known)}")
    return value


def _files_fit_beside_each_other(files: dict[str, str] | None) -> dict[str, str] | None:
    """The program's own name is taken, and no name may be a file and a folder at once."""
    names = set(files or ())
    programs = {language.file_name for language in languages()}
    for name in names:
        if name in programs:
            raise ValueError(f"{name} is the learner's program")
        folders = {"/".join(name.split("/")[:depth]) for depth in range(1, name.count("/") + 1)}
        if both := folders & (names | programs):
            raise ValueError(f"{min(both)} cannot be a file and a folder at once")
    return files


class Change(ApiModel):
    """The base of what authors send."""

    def columns(self) -> dict[str, Any]:
        """What was sent, by column."""
        return self.model_dump(exclude_unset=True)


class LanguageFields(Change):
    """A language and its path. `status` is that of the path; only what is PUBLISHED and active is offered."""

    slug: Slug = Field(default_factory=absent)
    description: Line | None = None
    icon: Annotated[str, StringConstraints(max_length=200)] | None = None
    difficulty: Difficulty = Field(default_factory=absent)
    runtime: str | None = Field(default=None, description="The key under which its programs are run.")
    is_active: StrictBool = Field(default_factory=absent)
    position: StrictInt = Field(default_factory=absent, ge=0, le=100_000)
    title: Title = Field(default_factory=absent)
    subtitle: Line | None = None
    long_description: Text | None = Field(default=None, description="Markdown.")
    category: Line | None = None
    tags: list[Line] = Field(default_factory=absent, max_length=50)
    spoken_language: str = Field(default_factory=absent, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)
    instructor_user_id: UUID | None = None
    status: PublicationStatus = Field(default_factory=absent)

    _runtime = field_validator("runtime")(_known_runtime)


class LanguageChange(LanguageFields):
    name: Title = Field(default_factory=absent)


class NewLanguage(LanguageFields):
    name: Title


class ModuleFields(Change):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    syllabus: list[Line] = Field(default_factory=absent, max_length=50)
    estimated_minutes: Minutes | None = None
    prerequisite_ids: list[UUID] = Field(
        default_factory=absent, max_length=50, description="Modules of the same course to complete first."
    )
    status: ItemStatus = Field(default_factory=absent)


class ModuleChange(ModuleFields):
    title: Title = Field(default_factory=absent)


class NewModule(ModuleFields):
    title: Title


class MaterialFields(Change):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    content: Text | None = Field(default=None, description="Markdown.")
    code: Text | None = None
    sample_input: Text | None = None
    video_url: Address | None = None
    image_url: Address | None = None
    file_url: Address | None = None
    captions_url: Address | None = Field(default=None, description="WebVTT.")
    transcript: Text | None = None
    duration_minutes: Minutes | None = None
    quiz_id: UUID | None = Field(default=None, description="For type QUIZ: a quiz of the same course.")
    status: ItemStatus = Field(default_factory=absent)


class MaterialChange(MaterialFields):
    title: Title = Field(default_factory=absent)
    type: MaterialType = Field(default_factory=absent)


class NewMaterial(MaterialFields):
    title: Title
    type: MaterialType


class CheckerOptions(ApiModel):
    """Tolerances of the FLOAT checker."""

    absolute: FiniteFloat = Field(strict=True, default=1e-6, ge=0)
    relative: FiniteFloat = Field(strict=True, default=1e-6, ge=0)


class AssignmentFields(Change):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    instructions: Text | None = Field(default=None, description="Markdown.")
    kind: AssignmentKind = Field(default_factory=absent)
    language: str | None = Field(default=None, description="The key under which its programs are run.")
    difficulty: Difficulty = Field(default_factory=absent)
    starter_code: Text | None = None
    solution_code: Text | None = Field(default=None, description="Never shown to learners.")
    hints: list[Sentence] = Field(default_factory=absent, max_length=20)
    max_score: StrictInt = Field(default_factory=absent, ge=1, le=10_000)
    time_limit_minutes: Minutes | None = None
    due_at: Moment | None = None
    allow_late: StrictBool = Field(default_factory=absent)
    cpu_seconds: Seconds = Field(default_factory=absent, description="Per test.")
    wall_seconds: Seconds = Field(default_factory=absent, description="Per test.")
    memory_bytes: Memory = Field(default_factory=absent, description="Per test.")
    output_bytes: StrictInt = Field(default_factory=absent, ge=1, le=64 * MEBIBYTE, description="Per test.")
    checker: CheckerKind = Field(default_factory=absent)
    checker_options: CheckerOptions = Field(default_factory=absent)
    status: ItemStatus = Field(default_factory=absent)

    _language = field_validator("language")(_known_runtime)


class AssignmentChange(AssignmentFields):
    title: Title = Field(default_factory=absent)


class NewAssignment(AssignmentFields):
    title: Title


class TestFields(Change):
    """One run of a program: what it reads, and what it must print. `expected` null: it only has to end normally."""

    __test__ = False

    stdin: Text = Field(default_factory=absent)
    args: list[Line] = Field(default_factory=absent, max_length=50)
    files: dict[FileName, Text] = Field(default_factory=absent, max_length=20, description="Text by file name.")
    expected: Text | None = None
    checker: CheckerKind | None = Field(default=None, description="Null: as the assignment says.")
    checker_options: CheckerOptions | None = Field(default=None, description="Null: as the assignment says.")
    points: Points = Field(default_factory=absent)
    visible: StrictBool = Field(default_factory=absent, description="Learners see only the name of hidden tests.")
    kind_of_case: Line | None = Field(default=None, description="What a hidden test tries, in words for learners.")
    cpu_seconds: Seconds | None = None
    wall_seconds: Seconds | None = None
    memory_bytes: Memory | None = None

    _files = field_validator("files")(_files_fit_beside_each_other)


class TestChange(TestFields):
    name: Title = Field(default_factory=absent)


class NewTest(TestFields):
    name: Title


class TestSet(ApiModel):
    """All tests of an assignment, in order."""

    __test__ = False

    tests: list[NewTest] = Field(max_length=200)


class QuizFields(Change):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    passing_score: StrictInt = Field(default_factory=absent, ge=0, le=100, description="Percent.")
    time_limit_minutes: Minutes | None = None
    attempt_limit: StrictInt | None = Field(default=None, ge=1, le=1_000, description="Null: as often as one likes.")
    shuffle: StrictBool = Field(default_factory=absent)
    draw_count: StrictInt | None = Field(
        default=None, ge=1, le=1_000, description="Questions of one attempt; null: all."
    )
    status: ItemStatus = Field(default_factory=absent)


class QuizChange(QuizFields):
    title: Title = Field(default_factory=absent)


class NewQuiz(QuizFields):
    title: Title


class OptionFields(Change):
    is_correct: StrictBool = Field(default_factory=absent)


class OptionChange(OptionFields):
    text: Sentence = Field(default_factory=absent)


class NewOption(OptionFields):
    text: Sentence


class QuestionMedia(ApiModel):
    image_url: Address | None = None
    video_url: Address | None = None


class QuestionFields(Change):
    explanation: Text | None = Field(default=None, description="Shown after answering.")
    points: StrictInt = Field(default_factory=absent, ge=1, le=1_000)
    difficulty: Difficulty = Field(default_factory=absent)
    topic: Line | None = None
    media: QuestionMedia | None = None


class QuestionChange(QuestionFields):
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")] = Field(
        default_factory=absent, description="Markdown."
    )
    type: ChoiceType = Field(default_factory=absent)


class NewQuestion(QuestionFields):
    type: ChoiceType = QuestionType.SINGLE_CHOICE
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
    options: list[NewOption] = Field(default_factory=list[NewOption], max_length=50)


class ModuleOrder(ApiModel):
    ids: list[UUID] = Field(max_length=1_000, description="Every module of the path, once.")


class ItemToOrder(ApiModel):
    kind: Literal["MATERIAL", "ASSIGNMENT", "QUIZ"]
    id: UUID


class ItemOrder(ApiModel):
    items: list[ItemToOrder] = Field(max_length=1_000, description="Every item of the module, once.")
