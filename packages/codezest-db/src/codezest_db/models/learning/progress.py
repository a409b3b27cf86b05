"""Where a learner stands: in a course, in a module, in a material."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Identified, Timestamped, enum_type
from codezest_db.enums import EnrollmentStatus, ProgressStatus
from codezest_db.models.learning.columns import SCHEMA, USER_ID, percent_check


class Enrollment(Identified, Timestamped, Base):
    __tablename__ = "enrollments"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"), index=True)
    status: Mapped[EnrollmentStatus] = mapped_column(server_default=EnrollmentStatus.ACTIVE)
    progress_percent: Mapped[int] = mapped_column(
        server_default="0", comment="Kept by writers, never computed by readers."
    )
    completed_items: Mapped[int] = mapped_column(server_default="0")
    enrolled_at: Mapped[datetime] = mapped_column(server_default=NOW)
    completed_at: Mapped[datetime | None]
    first_completed_at: Mapped[datetime | None] = mapped_column(
        comment="Stays when it is lost: CourseCompleted is published once."
    )
    last_module_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.modules.id", ondelete="SET NULL"), index=True, comment="Where to continue."
    )
    cohort_id: Mapped[UUID | None]
    begins_at: Mapped[datetime] = mapped_column(
        server_default=NOW,
        comment="From when on modules open, and from which their days count: the cohort's start, else the enrolment.",
    )
    former_status: Mapped[EnrollmentStatus | None] = mapped_column(
        enum_type(EnrollmentStatus, prefix="former_"),
        comment="What it was before those who teach paused or dropped it.",
    )
    held_at: Mapped[datetime | None] = mapped_column(
        comment="Since when those who teach keep the learner out; enrolling again is no way back in."
    )

    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        ForeignKeyConstraint(["cohort_id", "course_id"], ["learning.cohorts.id", "learning.cohorts.course_id"]),
        Index("ix_enrollments_course_id_id", "course_id", "id"),
        Index("ix_enrollments_pending", "id", postgresql_where=text("status = 'PENDING'")),
        Index("ix_enrollments_course_id_status_id", "course_id", "status", "id"),
        Index("ix_enrollments_cohort_id_course_id_id", "cohort_id", "course_id", "id"),
        percent_check(),
        CheckConstraint("completed_items >= 0", name="completed_items_range"),
        CheckConstraint("status <> 'COMPLETED' OR completed_at IS NOT NULL", name="completed_has_time"),
        {"schema": SCHEMA, "comment": "Who takes which course."},
    )


class ModuleProgress(Identified, Timestamped, Base):
    __tablename__ = "module_progress"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    module_id: Mapped[UUID] = mapped_column(ForeignKey("learning.modules.id", ondelete="CASCADE"), index=True)
    status: Mapped[ProgressStatus] = mapped_column(server_default=ProgressStatus.NOT_STARTED)
    progress_percent: Mapped[int] = mapped_column(
        server_default="0", comment="Kept by writers, never computed by readers."
    )
    completed_items: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    first_completed_at: Mapped[datetime | None] = mapped_column(
        comment="Stays when it is lost: ModuleCompleted is published once."
    )
    last_accessed_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        UniqueConstraint("user_id", "module_id"),
        percent_check(),
        CheckConstraint("completed_items >= 0", name="completed_items_range"),
        CheckConstraint("status <> 'COMPLETED' OR completed_at IS NOT NULL", name="completed_has_time"),
        {"schema": SCHEMA, "comment": "How far a learner is in a module."},
    )


class MaterialProgress(Identified, Timestamped, Base):
    __tablename__ = "material_progress"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    material_id: Mapped[UUID] = mapped_column(ForeignKey("learning.materials.id", ondelete="CASCADE"), index=True)
    status: Mapped[ProgressStatus] = mapped_column(server_default=ProgressStatus.NOT_STARTED)
    completed: Mapped[bool] = mapped_column(server_default="false")
    view_count: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    last_viewed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    reading_position: Mapped[float | None] = mapped_column(
        Double(), comment="How far down the text was read last, 0 to 1."
    )
    video_seconds: Mapped[float | None] = mapped_column(Double(), comment="Where the film was left, in seconds.")

    __table_args__ = (
        UniqueConstraint("user_id", "material_id"),
        CheckConstraint("reading_position BETWEEN 0 AND 1", name="reading_position_range"),
        CheckConstraint("video_seconds >= 0", name="video_seconds_range"),
        CheckConstraint("view_count >= 0", name="view_count_range"),
        CheckConstraint("completed = (status = 'COMPLETED')", name="completed_is_status"),
        CheckConstraint("NOT completed OR completed_at IS NOT NULL", name="completed_has_time"),
        {"schema": SCHEMA, "comment": "What a learner did with a material."},
    )
