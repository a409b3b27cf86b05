"""Grading by people: what waits for them, who is at it, by which rubric, what they say, and who asks for another look."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, EMPTY_ARRAY, NOW, Base, Created, Identified, Timestamped
from codezest_db.enums import HandGradingState, RegradeRequestStatus
from codezest_db.models.learning.columns import SCHEMA, USER_ID, position_check, title_check

COURSE_ID = "learning.courses.id"
SUBMISSION_ID = "learning.submissions.id"
GRADING_ID = "learning.gradings.id"


class Rubric(Identified, Timestamped, Base):
    __tablename__ = "rubrics"

    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    title: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.rubrics.id", ondelete="SET NULL"), index=True, comment="The version before."
    )
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB(none_as_null=True),
        server_default=EMPTY_ARRAY,
        comment="In order: id, title, description, levels (id, title, description, points), highest first.",
    )
    archived_at: Mapped[datetime | None] = mapped_column(
        comment="Since when it is offered no more: replaced, or removed."
    )
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        Index("ix_rubrics_offered", "course_id", "title", "id", postgresql_where=text("archived_at IS NULL")),
        Index(None, "course_id"),
        title_check(),
        CheckConstraint("version > 0", name="version_range"),
        CheckConstraint("jsonb_typeof(criteria) = 'array'", name="criteria_is_array"),
        {"schema": SCHEMA, "comment": "What work is graded by; one that was used is never changed, but replaced."},
    )


class HandGrading(Base):
    __tablename__ = "hand_gradings"

    submission_id: Mapped[UUID] = mapped_column(
        ForeignKey(SUBMISSION_ID, ondelete="CASCADE"), primary_key=True, sort_order=-20
    )
    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True, comment="The learner.")
    learner_number: Mapped[int] = mapped_column(
        comment="What the learner is called where names are hidden; the same for all attempts at the assignment."
    )
    state: Mapped[HandGradingState] = mapped_column(server_default=HandGradingState.WAITING)
    grading_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(GRADING_ID, ondelete="CASCADE"), index=True, comment="The latest."
    )
    released_grading_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(GRADING_ID, ondelete="CASCADE"), index=True, comment="The latest that the learner sees."
    )
    graded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None] = mapped_column(comment="Of released_grading_id.")

    __table_args__ = (
        Index(None, "course_id", "state", "submission_id"),
        Index(None, "assignment_id", "state", "submission_id"),
        Index("ix_hand_gradings_graded", "course_id", "grading_id", postgresql_where=text("grading_id IS NOT NULL")),
        Index(None, "assignment_id", "user_id"),
        CheckConstraint("learner_number > 0", name="learner_number_range"),
        CheckConstraint("(state IN ('HELD', 'RELEASED')) = (grading_id IS NOT NULL)", name="graded_has_grading"),
        CheckConstraint("(grading_id IS NULL) = (graded_at IS NULL)", name="graded_has_time"),
        CheckConstraint("(released_grading_id IS NULL) = (released_at IS NULL)", name="released_has_time"),
        {"schema": SCHEMA, "comment": "Work that people grade, and where each piece of it stands."},
    )


class GradingClaim(Identified, Base):
    __tablename__ = "grading_claims"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SUBMISSION_ID, ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), comment="Who grades it.")
    claimed_at: Mapped[datetime] = mapped_column(
        server_default=NOW, comment="For the first time: the grader's own order."
    )
    expires_at: Mapped[datetime] = mapped_column(comment="Put off while the page is open; then others may grade it.")
    released_at: Mapped[datetime | None] = mapped_column(comment="When it was graded, given back or taken over.")
    skipped_at: Mapped[datetime | None] = mapped_column(comment="When its grader put it off.")

    __table_args__ = (
        Index("uq_grading_claims_held", "submission_id", unique=True, postgresql_where=text("released_at IS NULL")),
        UniqueConstraint("user_id", "submission_id"),
        Index(None, "user_id", "claimed_at"),
        {"schema": SCHEMA, "comment": "Who is grading what, or was: no work is with two graders at once."},
    )


class LineComment(Identified, Created, Base):
    __tablename__ = "line_comments"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SUBMISSION_ID, ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.line_comments.id", ondelete="CASCADE"), index=True, comment="What it answers."
    )
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), index=True, comment="Who says it."
    )
    by_learner: Mapped[bool] = mapped_column(server_default="false")
    path: Mapped[str | None] = mapped_column(comment="Of a file of that submission; null in an answer.")
    first_line: Mapped[int | None] = mapped_column(comment="From 1.")
    last_line: Mapped[int | None]
    text: Mapped[str]

    __table_args__ = (
        Index(None, "submission_id", "id"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("first_line > 0 AND last_line >= first_line", name="lines_range"),
        CheckConstraint(
            "num_nonnulls(path, first_line, last_line) = CASE WHEN parent_id IS NULL THEN 3 ELSE 0 END",
            name="anchored_or_answer",
        ),
        {"schema": SCHEMA, "comment": "Remarks on lines of what was handed in, and answers to them."},
    )


class RegradeRequest(Identified, Timestamped, Base):
    __tablename__ = "regrade_requests"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SUBMISSION_ID, ondelete="CASCADE"), index=True)
    grading_id: Mapped[UUID] = mapped_column(
        ForeignKey(GRADING_ID, ondelete="CASCADE"), unique=True, comment="What is asked about, once."
    )
    course_id: Mapped[UUID] = mapped_column(ForeignKey(COURSE_ID, ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True, comment="The learner.")
    reason: Mapped[str]
    status: Mapped[RegradeRequestStatus] = mapped_column(server_default=RegradeRequestStatus.OPEN)
    reply: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]
    new_grading_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(GRADING_ID, ondelete="CASCADE"), index=True, comment="With ACCEPTED: what came of it."
    )

    __table_args__ = (
        Index(None, "course_id", "status", "id"),
        CheckConstraint("(status = 'OPEN') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(status = 'ACCEPTED') = (new_grading_id IS NOT NULL)", name="accepted_has_grading"),
        {"schema": SCHEMA, "comment": "Learners' requests to have a grade looked at again, with what came of them."},
    )


class HandInFile(Identified, Created, Base):
    __tablename__ = "hand_in_files"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(SUBMISSION_ID, ondelete="CASCADE"), comment="Null until it is handed in."
    )
    position: Mapped[int] = mapped_column(server_default="0")
    name: Mapped[str] = mapped_column(comment="As its owner calls it.")
    media_type: Mapped[str] = mapped_column(comment="As its content says.")
    size_bytes: Mapped[int] = mapped_column(BIGINT)
    sha256: Mapped[str] = mapped_column(comment="64 hexadecimal digits.")
    file_key: Mapped[str] = mapped_column(unique=True, comment="Storage key.")

    __table_args__ = (
        Index(None, "submission_id", "position"),
        Index(None, "user_id", "assignment_id"),
        position_check(),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("size_bytes >= 0", name="size_bytes_range"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_shape"),
        {"schema": SCHEMA, "comment": "Files that learners hand in, or have laid ready to be."},
    )
