"""How far a learner is."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.catalog import Enrollment, LanguageReference, ModuleItem
from codezest_db.enums import CourseKind, ProgressStatus


class ModuleStanding(ApiResponse):
    id: UUID
    status: ProgressStatus
    percent: int
    completed_items: int


class MaterialProgress(ApiResponse):
    """How the caller stands in a material and in its module."""

    material_id: UUID
    status: ProgressStatus
    completed: bool
    view_count: int
    last_viewed_at: datetime
    completed_at: datetime | None
    module: ModuleStanding


class MaterialPlace(ApiModel):
    """Where a reader is; what is left out stays as it was kept."""

    reading_position: float | None = Field(default=None, ge=0, le=1, description="How far down the text.")
    video_seconds: float | None = Field(default=None, ge=0, le=864_000, description="Where the film stands.")


class EnrolledCourse(ApiResponse):
    """A course the caller takes; `language` is null for a course that is no language's path."""

    course_id: UUID
    title: str
    slug: str
    kind: CourseKind
    archived: bool
    language: LanguageReference | None
    enrollment: Enrollment


class EnrollmentList(ApiResponse):
    items: list[EnrolledCourse]


class ModuleProgressDetail(ModuleStanding):
    slug: str
    title: str
    position: int
    total_items: int
    last_accessed_at: datetime | None
    items: list[ModuleItem]


class CourseProgress(EnrolledCourse):
    modules: list[ModuleProgressDetail]


class MyProgress(ApiResponse):
    items: list[CourseProgress]
