"""Languages, modules and their items, as readers get them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import (
    AssignmentKind,
    CourseKind,
    Difficulty,
    EnrollmentStatus,
    MaterialType,
    ProgressStatus,
    PublicationStatus,
)

ItemKind = Literal["MATERIAL", "ASSIGNMENT", "QUIZ"]


class Enrollment(ApiResponse):
    """How a learner stands in a course. `progress_percent` is rounded down: 100 means all."""

    id: UUID
    course_id: UUID
    status: EnrollmentStatus
    progress_percent: int
    completed_items: int
    enrolled_at: datetime
    completed_at: datetime | None
    last_module_id: UUID | None = Field(description="Where to continue.")
    begins_at: datetime = Field(
        description="When the course begins for the learner: with their cohort, or when they enrolled."
    )


class LanguageReference(ApiResponse):
    id: UUID
    slug: str
    name: str
    icon: str | None


class CourseReference(ApiResponse):
    title: str
    slug: str
    kind: CourseKind


class OpenCohort(ApiResponse):
    """A cohort that a learner may choose, or is in."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None
    full: bool


class Language(ApiResponse):
    """A programming language and its path, with how the caller stands in it."""

    id: UUID
    slug: str
    name: str
    description: str | None
    icon: str | None
    difficulty: Difficulty
    runtime: str | None = Field(description="The key under which its programs are run.")
    course_id: UUID
    title: str
    subtitle: str | None
    duration_minutes: int | None
    module_count: int
    item_count: int
    enrollment_count: int
    enrolled: bool
    enrollment_status: EnrollmentStatus | None
    progress_percent: int


class LanguageList(ApiResponse):
    items: list[Language]


class Person(ApiResponse):
    id: UUID
    display_name: str | None
    avatar_url: str | None


class LanguageDetail(Language):
    long_description: str | None = Field(description="Markdown.")
    level: Difficulty
    category: str | None
    tags: list[str]
    spoken_language: str
    rating_average: float | None
    rating_count: int
    status: PublicationStatus
    instructor: Person | None
    can_author: bool
    course_slug: str
    cohort: OpenCohort | None = Field(description="The caller's.")
    enrollment: Enrollment | None


class ModuleReference(ApiResponse):
    id: UUID
    slug: str
    title: str


class ModuleSummary(ModuleReference):
    """A module with the caller's progress. `percent` is 100 * completed / total, rounded down."""

    description: str | None
    syllabus: list[str]
    position: int
    estimated_minutes: int | None
    status: ProgressStatus
    percent: int
    completed_items: int
    total_items: int
    locked: bool = Field(
        description="Whether its items are closed to the caller for now, by what is missing or by a date."
    )
    locked_by: list[ModuleReference] = Field(description="Modules to complete first.")
    opens_at: datetime | None = Field(description="While that is in the future.")
    opens_after_days: int | None = Field(description="For who is not enrolled: days from enrolling until it opens.")


class LanguageModules(ApiResponse):
    language: LanguageReference
    course_id: UUID
    enrollment: Enrollment | None
    items: list[ModuleSummary]


class ModuleItem(ApiResponse):
    """One thing to do in a module. What does not apply to its kind is null."""

    kind: ItemKind
    id: UUID
    slug: str
    title: str
    description: str | None
    position: int
    status: ProgressStatus
    material_type: MaterialType | None
    assignment_kind: AssignmentKind | None
    duration_minutes: int | None
    difficulty: Difficulty | None
    best_score: int | None
    max_score: int | None
    question_count: int | None


class ModuleDetail(ModuleSummary):
    course_id: UUID
    course: CourseReference
    language: LanguageReference | None
    can_author: bool
    enrollment: Enrollment | None
    items: list[ModuleItem] = Field(description="All of them, in order.")
    materials: list[ModuleItem]
    assignments: list[ModuleItem]
    quizzes: list[ModuleItem]


class ItemReference(ApiResponse):
    kind: ItemKind
    id: UUID
    title: str


class ItemContext(ApiResponse):
    """Where an item stands: its module, its language, its neighbours."""

    module: ModuleReference
    language: LanguageReference | None
    course_id: UUID
    course: CourseReference
    previous: ItemReference | None
    next: ItemReference | None
    can_author: bool
