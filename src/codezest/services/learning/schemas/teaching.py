"""Courses as those who teach send and get them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.authoring import Address, Change, Line, Revised, Slug, Text, Title, absent
from codezest.services.learning.schemas.catalog import ItemKind, Person
from codezest_db.enums import (
    AssignmentKind,
    CourseKind,
    Difficulty,
    MaterialType,
    PublicationStatus,
    StaffRole,
)

MOST_TAGS = 20
CourseRole = Literal["OWNER", "CO_INSTRUCTOR", "GRADER", "OBSERVER"]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"\S")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CourseFields(Change):
    slug: Slug = Field(default_factory=absent)
    subtitle: Line | None = None
    description: Text | None = Field(default=None, description="Markdown.")
    level: Difficulty = Field(default_factory=absent)
    category: Label | None = None
    tags: list[Label] = Field(default_factory=absent, max_length=MOST_TAGS)
    spoken_language: str = Field(default_factory=absent, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)
    language_slug: Slug | None = Field(
        default=None,
        description="The programming language it is about; its programs are run in it unless they say otherwise.",
    )
    price_minor: int = Field(
        strict=True,
        default_factory=absent,
        ge=0,
        le=100_000_000,
        description="In minor units of the currency; 0 is free.",
    )
    currency: Currency = Field(default_factory=absent, description="ISO 4217.")
    image_url: Address | None = None
    duration_minutes: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None


class NewCourse(CourseFields):
    title: Title


class CourseChange(Revised, CourseFields):
    title: Title = Field(default_factory=absent)


class CourseSettings(ApiResponse):
    """A course as it is stored."""

    id: UUID
    kind: CourseKind
    title: str
    slug: str
    subtitle: str | None
    description: str | None
    level: Difficulty
    category: str | None
    tags: list[str]
    spoken_language: str
    language_slug: str | None
    price_minor: int
    currency: str
    image_url: str | None
    image_key: str | None
    duration_minutes: int | None
    status: PublicationStatus
    published_at: datetime | None
    enrollment_count: int
    rating_average: float | None
    rating_count: int
    owner: Person | None
    role: CourseRole
    revision: str


class OutlineItem(ApiResponse):
    """A material, assignment or quiz, with what its readiness depends on."""

    kind: ItemKind
    id: UUID
    title: str
    slug: str
    position: int
    status: PublicationStatus
    minutes: int | None
    material_type: MaterialType | None
    assignment_kind: AssignmentKind | None
    parts: int = Field(description="Tests of an assignment, questions that an attempt at a quiz asks.")
    missing: list[str] = Field(description="Keys of what it lacks before learners can work with it.")


class OutlineModule(ApiResponse):
    id: UUID
    title: str
    slug: str
    position: int
    status: PublicationStatus
    estimated_minutes: int | None
    prerequisites: int
    items: list[OutlineItem]


class Removed(ApiResponse):
    """Something that was deleted and can be brought back."""

    kind: Literal["MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ"]
    id: UUID
    title: str
    deleted_at: datetime


class Lack(ApiResponse):
    """One line of the list of what a course needs before it is published."""

    key: str
    text: str
    kind: Literal["COURSE", "MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ"]
    id: UUID
    met: bool


class CourseOutline(CourseSettings):
    modules: list[OutlineModule]
    removed: list[Removed] = Field(description="The newest first.")
    readiness: list[Lack]


class TaughtCourseSummary(ApiResponse):
    """A course in which the caller has a role."""

    id: UUID
    kind: CourseKind
    title: str
    slug: str
    language_slug: str | None
    status: PublicationStatus
    role: CourseRole
    owner: Person | None
    enrollment_count: int
    rating_average: float | None
    rating_count: int
    pending_enrollments: int = Field(description="Learners who wait to be let in, told up to 100.")
    to_grade: int = Field(description="Work that waits to be graded by hand, told up to 100.")
    updated_at: datetime


class StaffMember(ApiResponse):
    user: Person
    role: CourseRole
    since: datetime | None


class CourseStaffList(ApiResponse):
    items: list[StaffMember]


class StaffChange(ApiModel):
    who: Annotated[str, StringConstraints(min_length=1, max_length=320, strip_whitespace=True)] = Field(
        description="An e-mail address, the name of a public page, or a user's id."
    )
    role: StaffRole


class OwnerChange(ApiModel):
    who: Annotated[str, StringConstraints(min_length=1, max_length=320, strip_whitespace=True)] = Field(
        description="An e-mail address, the name of a public page, or a user's id."
    )


class CourseStatusChange(ApiModel):
    status: PublicationStatus = Field(
        description="PUBLISHED needs a course that is ready, DRAFT one that nobody takes, ARCHIVED neither."
    )


class NewPlace(ApiModel):
    """Where an item is to stand."""

    kind: ItemKind
    id: UUID
    module_id: UUID = Field(description="A module of the same course.")
    before: UUID | None = Field(default=None, description="The item of that module to stand before; null: at its end.")


class Restored(ApiModel):
    kind: Literal["MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ"]
    id: UUID


class CopyOfCourse(ApiModel):
    title: Title | None = Field(default=None, description="Null: as the original, marked as a copy.")


class MarkdownText(ApiModel):
    markdown: Text


class RenderedText(ApiResponse):
    html: str
