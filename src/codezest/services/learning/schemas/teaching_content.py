"""Modules and materials as the studio's forms show them."""

from datetime import datetime
from uuid import UUID

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import MaterialType, PublicationStatus


class Titled(ApiResponse):
    id: UUID
    title: str


class StudioModule(Titled):
    slug: str
    description: str | None
    syllabus: list[str]
    estimated_minutes: int | None
    status: PublicationStatus
    opens_at: datetime | None = None
    opens_after_days: int | None = None
    prerequisite_ids: list[UUID]
    others: list[Titled]
    revision: str


class StudioMaterial(Titled):
    slug: str
    module_id: UUID
    module_title: str
    type: MaterialType
    status: PublicationStatus
    description: str | None
    content: str | None
    code: str | None
    sample_input: str | None
    video_url: str | None
    video_key: str | None
    image_url: str | None
    image_key: str | None
    file_url: str | None
    file_key: str | None
    captions_url: str | None
    transcript: str | None
    duration_minutes: int | None
    quiz_id: UUID | None
    runtime: str | None
    quizzes: list[Titled]
    revision: str
    updated_at: datetime
