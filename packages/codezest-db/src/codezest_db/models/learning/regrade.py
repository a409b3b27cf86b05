"""What verdicts were given by, and what they were before they were given anew."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Created, Identified, Timestamped, enum_type
from codezest_db.enums import RegradeStatus, SubmissionStatus, Verdict
from codezest_db.models.learning.columns import SCHEMA, USER_ID, percent_check

EMPTY_LIST = text("'[]'::jsonb")
RESULTS = JSONB(none_as_null=True)
SHA256_PATTERN = "^[0-9a-f]{64}$"


class GradingSpecification(Created, Base):
    __tablename__ = "grading_specs"

    sha256: Mapped[str] = mapped_column(primary_key=True, comment="Of `spec`, 64 hexadecimal digits.", sort_order=-20)
    tests_sha256: Mapped[str] = mapped_column(comment="Of its tests alone.")
    harness_sha256: Mapped[str] = mapped_column(comment="Of all but tests, limits, points and seed.")
    spec: Mapped[str] = mapped_column(comment="Canonical JSON: tests, harness, limits, seed. Never shown to learners.")

    __table_args__ = (
        CheckConstraint(f"sha256 ~ '{SHA256_PATTERN}'", name="sha256_shape"),
        CheckConstraint(f"tests_sha256 ~ '{SHA256_PATTERN}'", name="tests_sha256_shape"),
        CheckConstraint(f"harness_sha256 ~ '{SHA256_PATTERN}'", name="harness_sha256_shape"),
        {"schema": SCHEMA, "comment": "All that verdicts were given by, each once, never changed."},
    )


class Regrade(Identified, Timestamped, Base):
    __tablename__ = "regrades"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    requested_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"),
        index=True,
        comment="Null when an operator asked, or the account is gone.",
    )
    reason: Mapped[str] = mapped_column(comment="In words for the learners whose result changes.")
    status: Mapped[RegradeStatus] = mapped_column(server_default=RegradeStatus.PREVIEWING)
    spec_sha256: Mapped[str] = mapped_column(
        ForeignKey("learning.grading_specs.sha256", ondelete="RESTRICT"), index=True, comment="What is graded by now."
    )
    tests_revision: Mapped[str | None] = mapped_column(comment="Of the assignment when it began.")
    failure: Mapped[str | None] = mapped_column(comment="Why it FAILED.")
    ready_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_regrades_active",
            "assignment_id",
            unique=True,
            postgresql_where=text("status IN ('PREVIEWING', 'READY')"),
        ),
        Index(None, "assignment_id", "created_at"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("(status = 'APPLIED') = (applied_at IS NOT NULL)", name="applied_has_time"),
        CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        CheckConstraint("status NOT IN ('READY', 'APPLIED') OR ready_at IS NOT NULL", name="ready_has_time"),
        CheckConstraint("(status = 'FAILED') = (failure IS NOT NULL)", name="failed_has_reason"),
        {
            "schema": SCHEMA,
            "comment": "An assignment's submissions graded anew: seen first, then applied as one, or not.",
        },
    )


class RegradeResult(Identified, Base):
    __tablename__ = "regrade_results"

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("learning.regrades.id", ondelete="CASCADE"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"), index=True)
    old_status: Mapped[SubmissionStatus]
    old_verdict: Mapped[Verdict | None]
    old_score: Mapped[int | None]
    old_max_score: Mapped[int]
    old_spec_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("learning.grading_specs.sha256", ondelete="RESTRICT"), index=True
    )
    attempts: Mapped[int] = mapped_column(server_default="0", comment="How often grading was begun.")
    claimed_until: Mapped[datetime | None] = mapped_column(comment="Whoever grades it has this long; then others may.")
    graded_at: Mapped[datetime | None]
    new_status: Mapped[SubmissionStatus | None] = mapped_column(
        enum_type(SubmissionStatus, prefix="new_"),
        comment="Null until graded. ERROR: it could not be run, and applying leaves the submission as it is.",
    )
    new_verdict: Mapped[Verdict | None] = mapped_column(enum_type(Verdict, prefix="new_"))
    new_score: Mapped[int | None]
    new_raw_score: Mapped[int | None] = mapped_column(
        comment="Before what lateness takes away; null: nothing is taken."
    )
    new_max_score: Mapped[int | None]
    feedback: Mapped[str | None] = mapped_column(comment="With new_status ERROR: why it could not be run, for authors.")
    compile_output: Mapped[str | None]
    runtime: Mapped[str | None] = mapped_column(comment="Interpreter or compiler with its version.")
    sandbox_tier: Mapped[str | None] = mapped_column(comment="Isolation it ran under.")
    grader_version: Mapped[str | None]
    tests: Mapped[list[dict[str, Any]]] = mapped_column(
        RESULTS, server_default=EMPTY_LIST, comment="Rows of submission_test_results to be."
    )

    __table_args__ = (
        UniqueConstraint("regrade_id", "submission_id"),
        Index(None, "regrade_id", "id"),
        Index("ix_regrade_results_waiting", "regrade_id", "attempts", "id", postgresql_where=text("graded_at IS NULL")),
        CheckConstraint("attempts >= 0", name="attempts_range"),
        CheckConstraint("old_score BETWEEN 0 AND old_max_score", name="old_score_range"),
        CheckConstraint("new_score BETWEEN 0 AND new_max_score", name="new_score_range"),
        CheckConstraint("(graded_at IS NULL) = (new_status IS NULL)", name="graded_has_status"),
        CheckConstraint("new_status IS NULL OR new_status IN ('PASSED', 'FAILED', 'ERROR')", name="new_status_graded"),
        CheckConstraint("jsonb_typeof(tests) = 'array'", name="tests_is_array"),
        {"schema": SCHEMA, "comment": "What a submission's result was, and what a regrade makes of it."},
    )


class RegradeLearner(Base):
    __tablename__ = "regrade_learners"

    regrade_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning.regrades.id", ondelete="CASCADE"), primary_key=True, sort_order=-20
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"), primary_key=True, index=True, sort_order=-19
    )
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]
    best_score_before: Mapped[int | None] = mapped_column(comment="Of all submissions that count.")
    best_score_after: Mapped[int | None]
    module_percent_before: Mapped[int | None]
    module_percent_after: Mapped[int | None]
    course_percent_before: Mapped[int | None] = mapped_column(comment="Null without an enrollment.")
    course_percent_after: Mapped[int | None]

    __table_args__ = (
        percent_check("module_percent_before"),
        percent_check("module_percent_after"),
        percent_check("course_percent_before"),
        percent_check("course_percent_after"),
        {
            "schema": SCHEMA,
            "comment": "What a regrade means for a learner: foreseen when READY, as it came once APPLIED.",
        },
    )


class FormerGrading(Identified, Base):
    __tablename__ = "former_gradings"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"))
    regrade_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning.regrades.id", ondelete="CASCADE"), index=True, comment="What replaced it."
    )
    status: Mapped[SubmissionStatus]
    verdict: Mapped[Verdict | None]
    score: Mapped[int | None]
    max_score: Mapped[int]
    feedback: Mapped[str | None]
    compile_output: Mapped[str | None]
    tests_revision: Mapped[str | None]
    spec_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("learning.grading_specs.sha256", ondelete="RESTRICT"), index=True
    )
    runtime: Mapped[str | None]
    sandbox_tier: Mapped[str | None]
    grader_version: Mapped[str | None]
    graded_at: Mapped[datetime | None]
    tests: Mapped[list[dict[str, Any]]] = mapped_column(
        RESULTS, server_default=EMPTY_LIST, comment="The rows of submission_test_results as they were."
    )
    replaced_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        UniqueConstraint("submission_id", "regrade_id"),
        CheckConstraint("score BETWEEN 0 AND max_score", name="score_range"),
        CheckConstraint("jsonb_typeof(tests) = 'array'", name="tests_is_array"),
        {
            "schema": SCHEMA,
            "comment": "Results that a regrade replaced; the submission itself holds the one that counts.",
        },
    )
