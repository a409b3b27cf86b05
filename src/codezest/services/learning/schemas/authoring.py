"""What authors send. A change names only what is to change; what a new thing leaves out gets its default.

Fields of a change that may not be null have no default: `ABSENT` stands for "not sent", and `columns` leaves it out.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints, field_validator

from codezest.kit.schemas import ApiModel, Moment
from codezest.services.learning.questions.keys import AnswerKey
from codezest.services.learning.schemas.harness import known_runtime
from codezest_db.base import SLUG_PATTERN
from codezest_db.enums import Difficulty, LatePolicy, MaterialType, PublicationStatus, QuestionType, Scoring


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
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Revision = Annotated[str, StringConstraints(max_length=64)]
ItemStatus = Literal[PublicationStatus.DRAFT, PublicationStatus.PUBLISHED]


class Change(ApiModel):
    """The base of what authors send."""

    def columns(self) -> dict[str, Any]:
        """What was sent, by column; within it, what was left out has its default."""
        return self.model_dump(include=self.model_fields_set, by_alias=True)


class Revised(Change):
    """The base of a change to what others may have changed meanwhile."""

    revision: Revision = Field(
        default_factory=absent,
        description="Of what was read before; a change is refused where somebody else has saved meanwhile.",
    )

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in super().columns().items() if name != "revision"}


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

    _runtime = field_validator("runtime")(known_runtime)


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
    opens_at: Moment | None = Field(default=None, description="Closed to learners before.")
    opens_after_days: Annotated[StrictInt, Field(ge=0, le=3650)] | None = Field(
        default=None, description="How many times 24 hours after a learner's beginning it opens."
    )
    status: ItemStatus = Field(default_factory=absent)


class ModuleChange(Revised, ModuleFields):
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


class MaterialChange(Revised, MaterialFields):
    title: Title = Field(default_factory=absent)
    type: MaterialType = Field(default_factory=absent)


class NewMaterial(MaterialFields):
    title: Title
    type: MaterialType


class TimedFields(Change):
    """When learners may work on it, when it is due, and what lateness costs."""

    available_from: Moment | None = Field(default=None, description="Null: as soon as it is published.")
    available_until: Moment | None = Field(default=None, description="Null: for good.")
    due_at: Moment | None = None
    late_policy: LatePolicy = Field(default_factory=absent)
    late_penalty_percent: Percent = Field(
        default_factory=absent, description="For PENALTY_PER_DAY: of the score, for every day begun after it was due."
    )
    late_floor_percent: Percent = Field(
        default_factory=absent, description="For PENALTY_PER_DAY: of the score, which lateness never takes away."
    )


class Draw(ApiModel):
    """So many questions of the course's bank, chosen anew for each attempt."""

    count: StrictInt = Field(ge=1, le=200)
    topic: Line | None = Field(default=None, description="Null: of any topic.")
    difficulty: Difficulty | None = Field(default=None, description="Null: of any.")


class QuizFields(TimedFields):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    passing_score: StrictInt = Field(default_factory=absent, ge=0, le=100, description="Percent.")
    time_limit_minutes: Minutes | None = None
    attempt_limit: StrictInt | None = Field(default=None, ge=1, le=1_000, description="Null: as often as one likes.")
    shuffle: StrictBool = Field(default_factory=absent)
    draw_count: StrictInt | None = Field(
        default=None, ge=1, le=1_000, description="How many of its own questions an attempt asks; null: all."
    )
    draws: list[Draw] = Field(
        default_factory=absent, max_length=20, description="What an attempt draws from the course's bank besides."
    )
    shuffle_options: StrictBool = Field(default_factory=absent, description="Anew for each attempt.")
    scoring: Scoring = Field(default_factory=absent)
    wrong_penalty_percent: Percent = Field(
        default_factory=absent,
        description="Of a question's points, which a wrong answer takes away; the sum is never below 0.",
    )
    status: ItemStatus = Field(default_factory=absent)


class QuizChange(Revised, QuizFields):
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
    image_alt: Line | None = Field(default=None, description="What the image shows, for who cannot see it.")
    video_url: Address | None = None


class QuestionFields(Change):
    explanation: Text | None = Field(default=None, description="Shown after answering.")
    points: StrictInt = Field(default_factory=absent, ge=1, le=1_000)
    difficulty: Difficulty = Field(default_factory=absent)
    topic: Line | None = None
    media: QuestionMedia | None = None
    answer_key: AnswerKey | None = Field(
        default=None, description="For types without options; as its type has it. Replaces the earlier one as a whole."
    )


class QuestionChange(Revised, QuestionFields):
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")] = Field(
        default_factory=absent, description="Markdown."
    )
    type: QuestionType = Field(default_factory=absent)


class NewQuestion(QuestionFields):
    type: QuestionType = QuestionType.SINGLE_CHOICE
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
    options: list[NewOption] = Field(default_factory=list[NewOption], max_length=50)


class ModuleOrder(ApiModel):
    ids: list[UUID] = Field(max_length=1_000, description="Every module of the path, once.")


class QuestionOrder(ApiModel):
    ids: list[UUID] = Field(max_length=1_000, description="Every question of the quiz, once.")
    revision: Revision | None = Field(
        default=None, description="The `order_revision` that was read; another one by now is a conflict."
    )


class PartOrder(ApiModel):
    ids: list[UUID] = Field(max_length=1_000, description="Every one of them, once.")


class QuestionPlace(ApiModel):
    """Where a copy goes: a quiz, or the bank of a course. One of both."""

    quiz_id: UUID | None = None
    course_id: UUID | None = None


class QuestionMove(QuestionPlace):
    """Where a question goes."""

    revision: Revision | None = Field(
        default=None, description="Of the question that was read; another one by now is a conflict."
    )


class QuizToImport(ApiModel):
    quiz_id: UUID


class ItemToOrder(ApiModel):
    kind: Literal["MATERIAL", "ASSIGNMENT", "QUIZ"]
    id: UUID


class ItemOrder(ApiModel):
    items: list[ItemToOrder] = Field(max_length=1_000, description="Every item of the module, once.")
