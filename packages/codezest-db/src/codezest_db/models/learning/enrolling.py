"""Ways into a course: what to complete before, cohorts, codes, and addresses that were invited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Identified, Timestamped
from codezest_db.models.learning.columns import SCHEMA, USER_ID

COURSE_ID = "learning.courses.id"
CODE_PATTERN = "^[2-9A-HJ-KM-NP-TV-Z]{10}$"
"""Without 0, O, 1, I, L and U, which are easily taken for one another or make words."""


def cohort_of_course() -> ForeignKeyConstraint:
    """That a cohort named beside a course is one of that course."""
    return ForeignKeyConstraint(["cohort_id", "course_id"], ["learning.cohorts.id", "learning.cohorts.course_id"])


class CoursePrerequisite(Base):
    __tablename__ = "course_prerequisites"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"), primary_key=True)
    prerequisite_id: Mapped[UUID] = mapped_column(
        ForeignKey(COURSE_ID, ondelete="CASCADE"), primary_key=True, index=True
    )

    __table_args__ = (
        CheckConstraint("course_id <> prerequisite_id", name="not_itself"),
        {"schema": SCHEMA, "comment": "Courses to complete before another one."},
    )


class Cohort(Identified, Timestamped, Base):
    __tablename__ = "cohorts"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    name: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(comment="Nothing of the course opens to its learners before.")
    ends_at: Mapped[datetime | None] = mapped_column(comment="From then on nobody joins; who is in keeps access.")
    capacity: Mapped[int | None] = mapped_column(comment="Null: any number of learners.")
    enrol_from: Mapped[datetime | None] = mapped_column(comment="From when learners may choose it themselves.")
    enrol_until: Mapped[datetime | None] = mapped_column(comment="Until when learners may choose it themselves.")
    archived_at: Mapped[datetime | None] = mapped_column(comment="Out of use; its learners stay in it.")

    __table_args__ = (
        # What a cohort named beside a course refers to.
        UniqueConstraint("id", "course_id"),
        Index("ix_cohorts_course_id_id", "course_id", "id"),
        Index("uq_cohorts_name", "course_id", "name", unique=True, postgresql_where=text("archived_at IS NULL")),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("enrol_until > enrol_from", name="enrol_until_after_from"),
        CheckConstraint("capacity > 0", name="capacity_range"),
        {"schema": SCHEMA, "comment": "Learners of a course who begin together."},
    )


class EnrollmentCode(Identified, Timestamped, Base):
    __tablename__ = "enrollment_codes"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    # Shown again to those who teach, so that no hash would do; 49 random bits, revocable, and worth one course.
    code: Mapped[str] = mapped_column(unique=True, comment="Ten letters and digits, without those that look alike.")
    cohort_id: Mapped[UUID | None] = mapped_column(comment="Where it leads, beside the course itself.")
    note: Mapped[str | None] = mapped_column(comment="For those who teach: whom it was given to.")
    max_uses: Mapped[int | None] = mapped_column(comment="Null: any number.")
    uses: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        cohort_of_course(),
        Index("ix_enrollment_codes_course_id_id", "course_id", "id"),
        Index(None, "cohort_id", "course_id"),
        CheckConstraint(f"code ~ '{CODE_PATTERN}'", name="code_shape"),
        CheckConstraint("max_uses > 0", name="max_uses_range"),
        CheckConstraint("uses BETWEEN 0 AND coalesce(max_uses, uses)", name="uses_range"),
        {"schema": SCHEMA, "comment": "What learners type to get into a course or cohort."},
    )


class EnrollmentInvitation(Identified, Timestamped, Base):
    __tablename__ = "enrollment_invitations"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(CITEXT(), comment="As whoever invited gave it.")
    cohort_id: Mapped[UUID | None]
    waives_prerequisites: Mapped[bool] = mapped_column(server_default="false")
    waives_price: Mapped[bool] = mapped_column(server_default="false", comment="An administrator invited.")
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"), index=True, comment="Whose address it turned out to be."
    )
    mailed_at: Mapped[datetime | None] = mapped_column(comment="When its letter was handed over.")
    accepted_at: Mapped[datetime | None]

    __table_args__ = (
        cohort_of_course(),
        UniqueConstraint("course_id", "email"),
        Index("ix_enrollment_invitations_email", "email", postgresql_where=text("accepted_at IS NULL")),
        Index(
            "ix_enrollment_invitations_email_sought",
            literal_column("(email::text)").label("address"),
            postgresql_using="gin",
            postgresql_ops={"address": "gin_trgm_ops"},
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(None, "cohort_id", "course_id"),
        Index("ix_enrollment_invitations_course_id_id", "course_id", "id"),
        Index(
            "ix_enrollment_invitations_unmailed",
            "id",
            postgresql_where=text("mailed_at IS NULL AND accepted_at IS NULL"),
        ),
        CheckConstraint("email LIKE '%_@_%' AND char_length(email) <= 320", name="email_shape"),
        CheckConstraint("accepted_at IS NULL OR user_id IS NOT NULL", name="accepted_by_somebody"),
        {"schema": SCHEMA, "comment": "Addresses that those who teach have enrolled, with or without an account yet."},
    )


class ReviewReport(Identified, Timestamped, Base):
    __tablename__ = "review_reports"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("learning.course_reviews.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    settled_at: Mapped[datetime | None] = mapped_column(comment="When an administrator had looked at it.")

    __table_args__ = (
        UniqueConstraint("review_id", "user_id"),
        Index("ix_review_reports_open", "id", postgresql_where=text("settled_at IS NULL")),
        CheckConstraint("reason <> ''", name="reason_given"),
        {"schema": SCHEMA, "comment": "Reviews that somebody finds unfit."},
    )
