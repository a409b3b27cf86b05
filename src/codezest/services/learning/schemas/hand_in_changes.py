"""What changed between two attempts at an assignment, as learners and those who grade get it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.line_diff import LineKind


class ComparedAttempt(ApiResponse):
    id: UUID
    attempt_number: int | None
    submitted_at: datetime


class LinePart(ApiResponse):
    text: str
    differs: bool


class ChangedLine(ApiResponse):
    """A line before beside a line after; a `gap` stands for lines that are the same."""

    kind: LineKind
    old_number: int | None
    new_number: int | None
    old: list[LinePart]
    new: list[LinePart]
    skipped: int


class TextChange(ApiResponse):
    path: str
    kind: Literal["same", "changed", "added", "removed"]
    added: int = Field(description="Lines.")
    removed: int
    lines: list[ChangedLine]
    truncated: bool = Field(description="Whether only the first lines were compared.")


class FileChange(ApiResponse):
    """A file that was handed in, before and after; null where it was not there."""

    name: str
    former_name: str | None = Field(description="Of a file that was renamed and nothing else.")
    kind: Literal["same", "changed", "renamed", "added", "removed"]
    old_size_bytes: int | None
    new_size_bytes: int | None
    old_sha256: str | None
    new_sha256: str | None


class HandInChanges(ApiResponse):
    old: ComparedAttempt | None = Field(description="Null where there is no attempt before it.")
    new: ComparedAttempt
    texts: list[TextChange] = Field(description="The text, or the files of a program.")
    files: list[FileChange] = Field(description="In the order of the later attempt, what is gone last.")
