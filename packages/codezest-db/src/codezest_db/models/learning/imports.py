"""Courses that come in as files."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, EMPTY_ARRAY, Base, Identified, JsonObject, Timestamped
from codezest_db.enums import ImportStatus
from codezest_db.models.learning.columns import SCHEMA, USER_ID

JSON = JSONB(none_as_null=True)


class Import(Identified, Timestamped, Base):
    __tablename__ = "imports"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"), comment="Who sent it, and applies it."
    )
    course_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.courses.id", ondelete="CASCADE"),
        index=True,
        comment="The course that it changes; null: it makes one.",
    )
    target_id: Mapped[UUID] = mapped_column(comment="The id of that course, also before it is made.")
    name: Mapped[str] = mapped_column(comment="Of the ZIP, which lies in the store under the id.")
    size_bytes: Mapped[int] = mapped_column(BIGINT)
    by_owner: Mapped[bool] = mapped_column(comment="Whether the sender decides what it costs.")
    status: Mapped[ImportStatus] = mapped_column(server_default=ImportStatus.PENDING)
    revision: Mapped[str | None] = mapped_column(comment="Hash of the course as it was when the preview was made.")
    outdated: Mapped[bool] = mapped_column(server_default="false", comment="It was previewed anew.")
    preview: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="What it creates, changes and removes, with warnings and advice."
    )
    problems: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, server_default=EMPTY_ARRAY, comment="Why it is refused: path, line, message."
    )
    pick_ups: Mapped[int] = mapped_column(server_default="0", comment="How often a worker began it.")

    __table_args__ = (
        Index("ix_imports_user_id_id", "user_id", "id"),
        Index(None, "created_at"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("size_bytes > 0", name="size_bytes_range"),
        CheckConstraint("pick_ups >= 0", name="pick_ups_range"),
        CheckConstraint("jsonb_typeof(preview) = 'object'", name="preview_is_object"),
        CheckConstraint("jsonb_typeof(problems) = 'array'", name="problems_is_array"),
        CheckConstraint(
            "status NOT IN ('READY', 'APPLYING', 'APPLIED') OR preview IS NOT NULL", name="checked_has_preview"
        ),
        CheckConstraint("course_id IS NULL OR course_id = target_id", name="changes_its_course"),
        {
            "schema": SCHEMA,
            "comment": "Courses sent in as files, looked at before they are taken over; kept for a day.",
        },
    )
