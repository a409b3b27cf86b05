"""The catalogue of courses, as readers get it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.catalog import Enrollment, ModuleSummary, OpenCohort, Person
from codezest.services.learning.schemas.reviews import ReviewOut
from codezest_db.enums import CourseKind, Difficulty, EnrollmentPolicy, EnrollmentStatus, PublicationStatus

CourseOrder = Literal["relevance", "newest", "popular", "rating", "title"]


class CourseSummary(ApiResponse):
    """A course on offer; a language's path is one, of kind PATH."""

    id: UUID
    kind: CourseKind
    slug: str
    language_slug: str | None
    language_name: str | None
    icon: str | None
    title: str
    subtitle: str | None
    image_url: str | None
    level: Difficulty
    category: str | None
    tags: list[str]
    spoken_language: str
    duration_minutes: int | None
    price_minor: int = Field(description="In minor units of the currency; 0 is free.")
    currency: str
    rating_average: float | None
    rating_count: int
    enrollment_count: int
    published_at: datetime | None
    instructor: Person | None
    enrollment_status: EnrollmentStatus | None
    progress_percent: int


class Facet(ApiResponse):
    """A value to filter by, and how many courses it would leave, all other filters being as they are."""

    value: str
    label: str
    count: int


class CoursePage(ApiResponse):
    total: int
    page: int
    pages: int
    items: list[CourseSummary]
    levels: list[Facet]
    categories: list[Facet]
    languages: list[Facet]
    spoken: list[Facet]
    prices: list[Facet]


class Prerequisite(ApiResponse):
    """A course to complete first."""

    id: UUID
    title: str
    href: str
    completed: bool


class Introduction(ApiResponse):
    """How whoever teaches introduces themselves."""

    handle: str | None = Field(description="Of their public page, where everybody may see it.")
    bio: str | None = Field(description="Markdown.")
    expertise: list[str]


class WaysIn(ApiResponse):
    """What stands between the caller and a course."""

    held: bool = Field(description="Whether those who teach keep the caller out.")
    enrollment_policy: EnrollmentPolicy
    cohorts: list[OpenCohort] = Field(description="Those that take learners in at this time.")
    cohort: OpenCohort | None = Field(description="The caller's.")
    prerequisites: list[Prerequisite]
    prerequisites_missing: bool = Field(description="Whether one of them keeps the caller from enrolling.")


class CourseDetail(CourseSummary, WaysIn):
    description: str | None = Field(description="Markdown.")
    status: PublicationStatus
    can_author: bool
    enrollment: Enrollment | None
    modules: list[ModuleSummary]
    introduction: Introduction | None
    rating_counts: list[int] = Field(description="How many gave one star, two, up to five.")
    reviews: list[ReviewOut] = Field(description="The newest few.")
