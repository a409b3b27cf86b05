"""Versions of what authors wrote, as they are shown."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from codezest.kit.schemas import ApiModel
from codezest_db.enums import VersionKind, VersionSource


class VersionSummary(ApiModel):
    id: UUID
    kind: VersionKind
    subject_id: UUID = Field(description="The course, module, item or question of the bank that it is of.")
    number: int = Field(description="From 1, of its subject.")
    title: str
    source: VersionSource
    author: str | None = Field(description="Null where files were synchronised, or the account is gone.")
    created_at: datetime
    updated_at: datetime = Field(description="Later than `created_at` where its author saved again soon.")
    is_latest: bool


class VersionDetail(VersionSummary):
    previous_id: UUID | None = Field(description="The one before, as long as it is kept.")
    latest_digest: str = Field(description="Names what the subject is now: sent with a restore, it notices other tabs.")
    snapshot: dict[str, Any] = Field(description="Columns by name, and parts in order.")


class ComparedLine(ApiModel):
    kind: Literal["same", "removed", "added", "changed", "gap"]
    old: str | None = None
    new: str | None = None
    skipped: int = Field(default=0, description="Of a gap: how many lines are the same.")


class ComparedField(ApiModel):
    name: str
    kind: Literal["changed", "added", "removed"]
    lines: list[ComparedLine]
    truncated: bool = Field(description="Only the first lines were compared.")


class VersionComparison(ApiModel):
    old: VersionSummary | None = Field(description="Null where there is none before.")
    new: VersionSummary
    fields: list[ComparedField] = Field(description="Those that differ.")


class Restoring(ApiModel):
    latest_digest: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="As the version said it; null: whatever was written meanwhile."
    )
