"""What administrators see of all courses together."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import CourseKind, EnrollmentStatus, PublicationStatus

DeletedKind = Literal["LANGUAGE", "COURSE", "MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ", "QUESTION"]


class UpTo(ApiResponse):
    """A number that is counted so far only as it matters."""

    count: int
    more: bool = Field(description="Whether there are more than that.")


class LearningCounts(ApiResponse):
    courses: dict[PublicationStatus, int] = Field(description="Courses and paths that are not deleted, by state.")
    submissions_today: UpTo
    pending_enrollments: UpTo
    deleted: UpTo


class CourseRow(ApiResponse):
    """One course, or the path of a language."""

    id: UUID
    title: str
    slug: str
    kind: CourseKind
    language_slug: str | None
    status: PublicationStatus
    owner_id: UUID | None
    owner_name: str | None
    enrollment_count: int
    created_at: datetime


class DeletedOut(ApiResponse):
    """Something that was deleted and can be restored."""

    id: UUID = Field(description="Of the entry; the thing's own is `content_id`.")
    content_id: UUID
    kind: DeletedKind
    title: str = Field(description="Of questions the beginning of their text.")
    course_id: UUID | None = Field(description="The course it belongs to; null for languages and courses.")
    course_title: str | None
    parent_deleted: bool = Field(description="Whether what it stands in was deleted too, and has to come back first.")
    deleted_at: datetime
    deleted_by: UUID | None
    deleted_by_name: str | None


class EnrollmentRow(ApiResponse):
    """Who takes which course."""

    id: UUID
    user_id: UUID
    user_name: str | None = Field(description="Null once the account is deleted.")
    course_id: UUID
    course_title: str
    price_minor: int
    currency: str
    status: EnrollmentStatus
    progress_percent: int
    enrolled_at: datetime
