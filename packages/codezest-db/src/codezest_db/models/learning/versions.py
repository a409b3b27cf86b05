"""What authors wrote before. Triggers of the tables that hold content write it; nobody else does."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, Base, Identified, JsonObject, Timestamped
from codezest_db.enums import VersionKind, VersionSource
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class Version(Identified, Timestamped, Base):
    __tablename__ = "versions"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"))
    kind: Mapped[VersionKind]
    subject_id: Mapped[UUID] = mapped_column(comment="Of the course, module, item or question of a bank.")
    number: Mapped[int] = mapped_column(comment="From 1, of its subject.")
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), index=True, comment="Who wrote it; null where it came from files."
    )
    source: Mapped[VersionSource]
    title: Mapped[str] = mapped_column(comment="What the subject was called.")
    snapshot: Mapped[JsonObject] = mapped_column(comment="Its columns by name, with its parts in order.")
    digest: Mapped[str] = mapped_column(comment="MD5 of the snapshot: the same for the same content.")
    size_bytes: Mapped[int] = mapped_column(comment="Of the snapshot.")

    __table_args__ = (
        UniqueConstraint("subject_id", "number"),
        Index(None, "course_id", "id"),
        CheckConstraint("number > 0", name="number_range"),
        CheckConstraint("size_bytes > 0", name="size_bytes_range"),
        CheckConstraint("jsonb_typeof(snapshot) = 'object'", name="snapshot_is_object"),
        {"schema": SCHEMA, "comment": "What authors wrote, each time it changed; triggers record it."},
    )


class VersionDue(Base):
    __tablename__ = "versions_due"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[VersionKind]
    transaction: Mapped[int] = mapped_column(BIGINT, primary_key=True, comment="In which it changed.")

    __table_args__ = {"schema": SCHEMA, "comment": "Content that a transaction changed; empty when it has ended."}  # noqa: RUF012 - declared by SQLAlchemy, read once
