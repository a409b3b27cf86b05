"""The API types of public pages."""

from datetime import datetime

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import ProfileVisibility


class LanguageProgress(ApiResponse):
    language_slug: str
    language_name: str
    progress_percent: int
    completed_at: datetime | None


class PersonOut(ApiResponse):
    handle: str
    name: str
    avatar_url: str | None
    bio: str | None
    location: str | None
    links: list[str]
    joined_at: datetime
    visibility: ProfileVisibility
    own: bool = Field(description="Whether it is the caller's own page.")
    languages: list[LanguageProgress] | None = Field(description="Null where the person does not show it.")
    solved: int | None = Field(description="Exercises solved; null where the person does not show it.")
    streak: int | None = Field(description="Days in a row; null where the person does not show it.")
