"""The catalogue of courses, as readers get it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.catalog import Enrollment, ModuleSummary, Person
from codezest_db.enums import CourseKind, Difficulty, EnrollmentStatus, PublicationStatus

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


class CourseDetail(CourseSummary):
    description: str | None = Field(description="Markdown.")
    status: PublicationStatus
    can_author: bool
    enrollment: Enrollment | None
    modules: list[ModuleSummary]
