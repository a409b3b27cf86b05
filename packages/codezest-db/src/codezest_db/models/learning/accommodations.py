"""What single learners are granted beyond the rules that hold for all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Identified, Timestamped
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class Accommodation(Identified, Timestamped, Base):
    __tablename__ = "accommodations"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True)
    quiz_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.quizzes.id", ondelete="CASCADE"), index=True, comment="Null: for the whole course."
    )
    assignment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.assignments.id", ondelete="CASCADE"), index=True, comment="Null: for the whole course."
    )
    extra_time_percent: Mapped[int] = mapped_column(server_default="0", comment="Of a quiz's time limit.")
    extra_minutes: Mapped[int] = mapped_column(server_default="0", comment="Beyond that.")
    extra_attempts: Mapped[int] = mapped_column(server_default="0")
    extra_days: Mapped[int] = mapped_column(server_default="0", comment="After each due date and each closing.")
    due_at: Mapped[datetime | None] = mapped_column(comment="In place of the item's own due date.")
    note: Mapped[str | None] = mapped_column(comment="For the staff.")
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        UniqueConstraint("course_id", "user_id", "quiz_id", "assignment_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("num_nonnulls(quiz_id, assignment_id) <= 1", name="one_item"),
        CheckConstraint("due_at IS NULL OR num_nonnulls(quiz_id, assignment_id) = 1", name="due_date_of_item"),
        CheckConstraint("extra_time_percent BETWEEN 0 AND 1000", name="extra_time_percent_range"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 100000", name="extra_minutes_range"),
        CheckConstraint("extra_attempts BETWEEN 0 AND 1000", name="extra_attempts_range"),
        CheckConstraint("extra_days BETWEEN 0 AND 3650", name="extra_days_range"),
        {
            "schema": SCHEMA,
            "comment": "More time, attempts or days for one learner: in a course, or for one item of it.",
        },
    )
