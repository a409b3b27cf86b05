"""The API types of public pages."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest_db.enums import ProfileVisibility

NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
NO_CONTROL_BUT_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"


class LanguageProgress(ApiResponse):
    language_slug: str
    language_name: str
    progress_percent: int
    completed_at: datetime | None


Expertise = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=NO_CONTROL)]


class InstructorUpdate(ApiModel):
    """How one who teaches introduces oneself."""

    bio: Annotated[str, StringConstraints(max_length=4_000, pattern=NO_CONTROL_BUT_LINES)] | None = Field(
        description="Markdown; null or empty: nothing."
    )
    expertise: list[Expertise] = Field(max_length=12)


def update_in(given: dict[str, object]) -> tuple[InstructorUpdate | None, list[str]]:
    """What a form gives, or the fields that do not fit."""
    try:
        return InstructorUpdate.model_validate(given), []
    except ValidationError as error:
        return None, list(dict.fromkeys(str(item["loc"][0]) if item["loc"] else "bio" for item in error.errors()))


class InstructorOut(ApiResponse):
    bio: str | None = Field(description="Markdown.")
    expertise: list[str]


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
    instructor: InstructorOut | None = Field(description="Of who teaches; else null.")
