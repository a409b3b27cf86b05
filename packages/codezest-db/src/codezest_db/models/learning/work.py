"""What learners hand in: submissions with their test results, quiz attempts with their answers."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Numeric, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from codezest_db.base import (
    BIGINT,
    EMPTY_OBJECT,
    EMPTY_TEXTS,
    NOW,
    Base,
    Identified,
    JsonObject,
    SoftDeleted,
    Timestamped,
)
from codezest_db.enums import AttemptStatus, SubmissionPurpose, SubmissionStatus, Verdict
from codezest_db.models.learning.columns import SCHEMA, USER_ID, percent_check, position_check
from codezest_db.models.learning.receipts import Receipt

EMPTY_IDS = text("'{}'::uuid[]")
POINTS = Numeric(9, 2)
"""Points of a quiz: exact, in hundredths."""


class Submission(Identified, Timestamped, SoftDeleted, Base):
    __tablename__ = "submissions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    material_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.materials.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[SubmissionPurpose] = mapped_column(server_default=SubmissionPurpose.SUBMIT)
    code: Mapped[str | None] = mapped_column(comment="Of several files, the one the program begins with.")
    files: Mapped[dict[str, str]] = mapped_column(
        JSONB(none_as_null=True), server_default=EMPTY_OBJECT, comment="The other files of the program, text by path."
    )
    stdin: Mapped[str | None] = mapped_column(comment="What the learner typed as input of a PLAYGROUND run.")
    text_answer: Mapped[str | None]
    file_key: Mapped[str | None] = mapped_column(comment="Storage key of an uploaded file.")
    language: Mapped[str | None] = mapped_column(comment="Key of the grader's language, such as python.")
    status: Mapped[SubmissionStatus] = mapped_column(server_default=SubmissionStatus.PENDING)
    verdict: Mapped[Verdict | None] = mapped_column(comment="The worst of its tests.")
    score: Mapped[int | None]
    max_score: Mapped[int] = mapped_column(server_default="100")
    feedback: Mapped[str | None]
    compile_output: Mapped[str | None]
    attempt_number: Mapped[int | None] = mapped_column(comment="From 1; only for SUBMIT.")
    is_late: Mapped[bool] = mapped_column(server_default="false")
    raw_score: Mapped[int | None] = mapped_column(comment="Before what lateness takes away; null: nothing is taken.")
    late_penalty_percent: Mapped[int] = mapped_column(
        server_default="0", comment="Of the raw score, which lateness takes away; fixed when it is handed in."
    )
    tests_revision: Mapped[str | None] = mapped_column(comment="Hash of the tests that gave the verdict.")
    runtime: Mapped[str | None] = mapped_column(comment="Interpreter or compiler with its version.")
    sandbox_tier: Mapped[str | None] = mapped_column(comment="Isolation it ran under.")
    grader_version: Mapped[str | None] = mapped_column(comment="Version of CodeZest that gave the verdict.")
    spec_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("learning.grading_specs.sha256", ondelete="RESTRICT"),
        index=True,
        comment="All that gave the verdict; null for PLAYGROUND, and where nothing could be run.",
    )
    submitted_at: Mapped[datetime] = mapped_column(server_default=NOW)
    started_at: Mapped[datetime | None] = mapped_column(comment="When grading began.")
    pick_ups: Mapped[int] = mapped_column(
        server_default="0", comment="How often a worker has begun to grade it and not said that it failed to."
    )
    graded_at: Mapped[datetime | None]
    accepted: Mapped[bool | None] = mapped_column(
        comment="Whether the grade that a person gave is enough to have done the assignment; null: nobody gave one."
    )
    idempotency_key: Mapped[str | None]
    turn: Mapped[int] = mapped_column(
        server_default="0",
        comment="The round of the queue it belongs to, in which each learner has one; lower goes first.",
    )

    receipt: Mapped[Receipt | None] = relationship(lazy="raise", cascade="save-update, merge", passive_deletes="all")
    test_results: Mapped[list["SubmissionTestResult"]] = relationship(
        back_populates="submission",
        lazy="raise",
        order_by="SubmissionTestResult.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    __table_args__ = (
        Index(
            "uq_submissions_attempt_number",
            "user_id",
            "assignment_id",
            "attempt_number",
            unique=True,
            postgresql_where=text("attempt_number IS NOT NULL"),
        ),
        Index(
            "uq_submissions_idempotency_key",
            "user_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("ix_submissions_assignment_id_id", "assignment_id", "id"),
        Index("ix_submissions_mine", "user_id", "assignment_id", desc("submitted_at"), desc("id")),
        Index("ix_submissions_unfinished", "submitted_at", postgresql_where=text("status IN ('PENDING', 'RUNNING')")),
        Index(
            "ix_submissions_queue",
            "turn",
            "id",
            postgresql_where=text("status IN ('PENDING', 'RUNNING') AND deleted_at IS NULL"),
        ),
        Index(None, "turn"),
        Index(None, "user_id", "turn"),
        Index(
            "ix_submissions_durations",
            "language",
            "graded_at",
            postgresql_where=text("started_at IS NOT NULL AND graded_at IS NOT NULL"),
        ),
        Index(
            "ix_submissions_passed",
            "user_id",
            "assignment_id",
            postgresql_where=text("status = 'PASSED' AND purpose = 'SUBMIT' AND deleted_at IS NULL"),
        ),
        Index(
            "ix_submissions_failed",
            "assignment_id",
            "submitted_at",
            postgresql_where=text("status = 'FAILED' AND purpose = 'SUBMIT' AND deleted_at IS NULL"),
        ),
        CheckConstraint("num_nonnulls(assignment_id, material_id) = 1", name="one_target"),
        CheckConstraint("(purpose = 'PLAYGROUND') = (material_id IS NOT NULL)", name="playground_names_material"),
        CheckConstraint("(purpose = 'SUBMIT') = (attempt_number IS NOT NULL)", name="submit_is_numbered"),
        CheckConstraint("num_nonnulls(code, text_answer, file_key) >= 1", name="has_answer"),
        CheckConstraint("code IS NULL OR language IS NOT NULL", name="code_names_language"),
        CheckConstraint("jsonb_typeof(files) = 'object'", name="files_is_object"),
        CheckConstraint("attempt_number > 0", name="attempt_number_range"),
        CheckConstraint("turn >= 0", name="turn_range"),
        CheckConstraint("pick_ups >= 0", name="pick_ups_range"),
        CheckConstraint("max_score >= 0", name="max_score_range"),
        CheckConstraint("score BETWEEN 0 AND max_score", name="score_range"),
        CheckConstraint("raw_score BETWEEN 0 AND max_score", name="raw_score_range"),
        percent_check("late_penalty_percent"),
        CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'SUBMITTED', 'LATE') OR graded_at IS NOT NULL", name="graded_has_time"
        ),
        {"schema": SCHEMA, "comment": "Work handed in, tried out or run in a material's cell."},
    )


class SubmissionTestResult(Identified, Base):
    __tablename__ = "submission_test_results"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    verdict: Mapped[Verdict]
    points: Mapped[int] = mapped_column(server_default="0")
    max_points: Mapped[int] = mapped_column(server_default="0")
    time_ms: Mapped[int | None] = mapped_column(comment="CPU time.")
    memory_kb: Mapped[int | None] = mapped_column(BIGINT, comment="Peak.")
    visible: Mapped[bool]
    stdin: Mapped[str | None] = mapped_column(comment="Copied from a visible test, as it was when graded.")
    expected: Mapped[str | None] = mapped_column(comment="Copied from a visible test, as it was when graded.")
    stdout: Mapped[str | None]
    stderr: Mapped[str | None]
    message: Mapped[str | None]
    arguments: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Copied from a visible test, as it was when graded."
    )
    group_name: Mapped[str | None] = mapped_column(comment="The group the test counts in.")
    bonus: Mapped[bool] = mapped_column(server_default="false")
    sample: Mapped[bool] = mapped_column(server_default="false")
    fraction: Mapped[float | None] = mapped_column(
        Double(), comment="Share of the points that a checker gave, 0 to 1; null: all or none, as the verdict says."
    )

    submission: Mapped[Submission] = relationship(back_populates="test_results", lazy="raise")

    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        position_check(),
        CheckConstraint("max_points >= 0", name="max_points_range"),
        CheckConstraint("points BETWEEN 0 AND max_points", name="points_range"),
        CheckConstraint("time_ms >= 0", name="time_ms_range"),
        CheckConstraint("memory_kb >= 0", name="memory_kb_range"),
        CheckConstraint("jsonb_typeof(arguments) = 'array'", name="arguments_is_array"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_range"),
        {"schema": SCHEMA, "comment": "How a submission fared on each test."},
    )


class QuizAttempt(Identified, Timestamped, Base):
    __tablename__ = "quiz_attempts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    quiz_id: Mapped[UUID] = mapped_column(ForeignKey("learning.quizzes.id", ondelete="CASCADE"))
    attempt_number: Mapped[int] = mapped_column(comment="From 1.")
    status: Mapped[AttemptStatus] = mapped_column(server_default=AttemptStatus.IN_PROGRESS)
    started_at: Mapped[datetime] = mapped_column(server_default=NOW)
    deadline_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    time_taken_seconds: Mapped[int | None]
    score: Mapped[int | None] = mapped_column(comment="Percent.")
    points: Mapped[Decimal | None] = mapped_column(POINTS)
    max_points: Mapped[int | None]
    passed: Mapped[bool | None]
    is_late: Mapped[bool] = mapped_column(server_default="false")
    raw_score: Mapped[int | None] = mapped_column(
        comment="Percent, before what lateness takes away; null: nothing is taken."
    )
    late_penalty_percent: Mapped[int] = mapped_column(
        server_default="0", comment="Of the raw score, which lateness takes away; fixed when it is handed in."
    )
    question_ids: Mapped[list[UUID]] = mapped_column(server_default=EMPTY_IDS, comment="In the order shown.")
    snapshots: Mapped[list[str]] = mapped_column(
        server_default=EMPTY_TEXTS,
        comment="The questions as they were, beside question_ids: keys of question_snapshots. Empty: as they are now.",
    )
    options_shuffled: Mapped[bool] = mapped_column(server_default="false")
    saved: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT,
        comment="What was answered, flagged and how long each question was looked at, before it is handed in.",
    )
    saved_revision: Mapped[int] = mapped_column(
        server_default="0", comment="Rises with every save; a save that names an older one is refused."
    )

    answers: Mapped[list["QuizAnswer"]] = relationship(
        back_populates="attempt", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        UniqueConstraint("user_id", "quiz_id", "attempt_number"),
        Index(
            "uq_quiz_attempts_in_progress",
            "user_id",
            "quiz_id",
            unique=True,
            postgresql_where=text("status = 'IN_PROGRESS'"),
        ),
        Index("ix_quiz_attempts_quiz_id_id", "quiz_id", "id"),
        Index("ix_quiz_attempts_passed", "user_id", "quiz_id", postgresql_where=text("passed")),
        percent_check("score"),
        percent_check("raw_score"),
        percent_check("late_penalty_percent"),
        CheckConstraint("jsonb_typeof(saved) = 'object'", name="saved_is_object"),
        CheckConstraint("saved_revision >= 0", name="saved_revision_range"),
        CheckConstraint("attempt_number > 0", name="attempt_number_range"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("status IN ('IN_PROGRESS', 'EXPIRED') OR completed_at IS NOT NULL", name="completed_has_time"),
        CheckConstraint("time_taken_seconds >= 0", name="time_taken_seconds_range"),
        CheckConstraint("points BETWEEN 0 AND max_points", name="points_range"),
        {"schema": SCHEMA, "comment": "A learner's goes at a quiz."},
    )


class QuizAnswer(Identified, Timestamped, Base):
    __tablename__ = "quiz_answers"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("learning.quiz_attempts.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("learning.questions.id", ondelete="RESTRICT"), index=True)
    option_ids: Mapped[list[UUID]] = mapped_column(server_default=EMPTY_IDS, comment="Chosen, or in the order given.")
    entries: Mapped[dict[str, str]] = mapped_column(
        JSONB(none_as_null=True), server_default=EMPTY_OBJECT, comment="What was typed or selected, by field."
    )
    text_answer: Mapped[str | None] = mapped_column(comment="The entries in words, for readers.")
    is_correct: Mapped[bool | None] = mapped_column(comment="Null while ungraded. Partly right is not correct.")
    points: Mapped[Decimal] = mapped_column(
        POINTS, server_default="0", comment="Negative: a wrong answer took them away."
    )
    max_points: Mapped[int | None] = mapped_column(comment="Null in answers from before it was kept.")
    seconds_spent: Mapped[int | None]

    attempt: Mapped[QuizAttempt] = relationship(back_populates="answers", lazy="raise")

    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        Index("ix_quiz_answers_waiting", "attempt_id", postgresql_where=text("is_correct IS NULL")),
        CheckConstraint("points BETWEEN -max_points AND max_points", name="points_range"),
        CheckConstraint("jsonb_typeof(entries) = 'object'", name="entries_is_object"),
        CheckConstraint("seconds_spent >= 0", name="seconds_spent_range"),
        {"schema": SCHEMA, "comment": "What a learner answered."},
    )
