"""Courses that come in as files, as their sender gets them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.hand_in_changes import TextChange
from codezest_db.enums import ImportStatus

ThingKind = Literal["COURSE", "MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ", "BANK", "FILES", "RUBRICS"]


class ImportProblem(ApiResponse):
    path: str = Field(description="The file, or the title of what a value belongs to.")
    line: int | None
    message: str = Field(description="What is wrong, and what to do; in English.")


class ImportPart(ApiResponse):
    sort: Literal["questions", "options", "tests"]
    number: int = Field(description="From 1; 0 where there is no order.")
    title: str


class ImportField(ApiResponse):
    """A field that changes, or a part of something that comes, goes or stands elsewhere."""

    within: list[ImportPart] = Field(description="From the outside in; empty for a field of the thing itself.")
    name: str | None = Field(description="As the API calls it; null for the last part of `within` as a whole.")
    outcome: Literal["CREATED", "CHANGED", "REMOVED", "MOVED"]
    is_text: bool = Field(description="Whether it is too long to be shown as `old` and `new`.")
    old: str | None
    new: str | None
    diff: TextChange | None = Field(default=None, description="Line by line, as far as there is room.")


class ImportThing(ApiResponse):
    """Something that the import creates, changes or removes."""

    kind: ThingKind
    id: UUID
    title: str
    outcome: Literal["CREATED", "CHANGED", "REMOVED"]
    work: int = Field(description="How many submissions or attempts learners made at what is removed. They are kept.")
    fields: list[ImportField] = Field(default=[], description="What changes in it.")
    more_fields: bool = Field(default=False, description="Whether more of it changes than is listed.")


class ImportPreview(ApiResponse):
    title: str = Field(description="Of the course, as the files call it.")
    things: list[ImportThing]
    unchanged: int = Field(description="Modules and items that stay as they are.")
    files: int = Field(description="Files that come in with it.")
    warnings: list[dict[str, Any]] = Field(description="Each with a `code`, and what it is about.")
    advice: list[ImportProblem] = Field(description="What good content has and this lacks. It comes in nevertheless.")


class ImportSummary(ApiResponse):
    id: UUID
    course_id: UUID | None = Field(description="Of the course that it changes; null where it makes one.")
    target_id: UUID = Field(description="Of that course, also before it is made.")
    name: str
    size_bytes: int
    title: str | None
    status: ImportStatus
    outdated: bool = Field(description="The course has changed since the preview was agreed to; this is a new one.")
    problems: list[ImportProblem] = Field(description="Why it is refused.")
    created_at: datetime


class ImportDetail(ImportSummary):
    preview: ImportPreview | None


class ImportList(ApiResponse):
    """What has not been taken over yet, newest first."""

    items: list[ImportSummary]
