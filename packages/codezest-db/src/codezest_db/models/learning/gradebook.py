"""The gradebook: how a course's grades come about, and what people set in it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Created, Identified, Timestamped
from codezest_db.enums import CountedAttempt, GradeEntryKind, MissingWork
from codezest_db.models.learning.columns import SCHEMA, USER_ID, percent_check, position_check

COURSE_ID = "learning.courses.id"
POINTS = Numeric(9, 2)


class Gradebook(Timestamped, Base):
    __tablename__ = "gradebooks"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"), primary_key=True, sort_order=-20)
    counted_attempt: Mapped[CountedAttempt] = mapped_column(server_default=CountedAttempt.BEST)
    missing_work: Mapped[MissingWork] = mapped_column(server_default=MissingWork.WHEN_DUE)
    passing_percent: Mapped[int] = mapped_column(
        server_default="50", comment="From which share on a whole grade is passed."
    )
    revision: Mapped[int] = mapped_column(
        server_default="0", comment="Rises with every change; a change that names an older one is refused."
    )

    __table_args__ = (
        percent_check("passing_percent"),
        CheckConstraint("revision >= 0", name="revision_range"),
        {"schema": SCHEMA, "comment": "How a course's grades come about; without a row, by the defaults."},
    )


class GradeCategory(Identified, Base):
    __tablename__ = "grade_categories"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    name: Mapped[str]
    weight: Mapped[int] = mapped_column(server_default="0", comment="Beside the weights of the others.")
    drop_lowest: Mapped[int] = mapped_column(
        server_default="0", comment="How many of a learner's lowest results do not count."
    )
    takes_assignments: Mapped[bool] = mapped_column(
        server_default="false", comment="Where assignments go that are put nowhere."
    )
    takes_quizzes: Mapped[bool] = mapped_column(
        server_default="false", comment="Where quizzes go that are put nowhere."
    )
    position: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        Index("ix_grade_categories_course_id_position", "course_id", "position"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("weight BETWEEN 0 AND 1000", name="weight_range"),
        CheckConstraint("drop_lowest BETWEEN 0 AND 100", name="drop_lowest_range"),
        position_check(),
        {"schema": SCHEMA, "comment": "Parts that a course's grade is made of."},
    )


class GradeColumn(Identified, Timestamped, Base):
    __tablename__ = "grade_columns"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"), index=True)
    category_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.grade_categories.id", ondelete="SET NULL"),
        index=True,
        comment="Null: where its kind goes.",
    )
    assignment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.assignments.id", ondelete="CASCADE"), unique=True
    )
    quiz_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.quizzes.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str | None] = mapped_column(
        comment="Of a column that people fill in; others are called as their item is."
    )
    max_points: Mapped[Decimal | None] = mapped_column(POINTS, comment="Of a column that people fill in.")
    counts: Mapped[bool] = mapped_column(server_default="true", comment="Whether it is part of the grade at all.")
    visible: Mapped[bool] = mapped_column(
        server_default="true", comment="Whether learners see it; what they do not see does not count for them yet."
    )
    extra_percent: Mapped[int | None] = mapped_column(
        comment="What it adds to the whole grade at most, in percent; null: it counts in its category."
    )
    due_at: Mapped[datetime | None] = mapped_column(
        comment="Of a column that people fill in: then an empty one counts as nothing."
    )
    archived_at: Mapped[datetime | None] = mapped_column(comment="Removed by those who teach; its marks are kept.")

    __table_args__ = (
        CheckConstraint("num_nonnulls(assignment_id, quiz_id, title) = 1", name="one_item"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("(title IS NULL) = (max_points IS NULL)", name="filled_has_points"),
        CheckConstraint("title IS NOT NULL OR num_nonnulls(due_at, archived_at) = 0", name="own_times"),
        CheckConstraint("max_points > 0", name="max_points_range"),
        CheckConstraint("extra_percent BETWEEN 1 AND 100", name="extra_percent_range"),
        {
            "schema": SCHEMA,
            "comment": "What a grade is counted from: items whose settings or marks differ, and columns that people fill in.",
        },
    )


class GradeEntry(Identified, Created, Base):
    __tablename__ = "grade_entries"

    column_id: Mapped[UUID] = mapped_column(ForeignKey("learning.grade_columns.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), comment="The learner.")
    revision: Mapped[int] = mapped_column(
        server_default="1", comment="From 1 for each learner and column; the highest holds."
    )
    kind: Mapped[GradeEntryKind]
    points: Mapped[Decimal | None] = mapped_column(
        POINTS, comment="With MARK: out of those of the column or of the item; of a quiz, percent."
    )
    reason: Mapped[str | None]
    set_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), index=True, comment="Who decided it."
    )
    batch_id: Mapped[UUID | None] = mapped_column(comment="Entries of one list that was read in.")

    __table_args__ = (
        UniqueConstraint("user_id", "column_id", "revision"),
        CheckConstraint("revision > 0", name="revision_range"),
        CheckConstraint("points >= 0", name="points_range"),
        CheckConstraint("(kind = 'MARK') = (points IS NOT NULL)", name="mark_has_points"),
        {
            "schema": SCHEMA,
            "comment": "Marks, excuses and their ends that people set in the gradebook; the newest holds, none is changed.",
        },
    )
