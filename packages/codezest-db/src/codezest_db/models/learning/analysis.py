"""Judgements by people and models: grades given by hand, analyses, reviews of courses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import (
    BIGINT,
    EMPTY_ARRAY,
    EMPTY_OBJECT,
    EMPTY_TEXTS,
    NOW,
    Base,
    Identified,
    JsonObject,
    Timestamped,
)
from codezest_db.enums import AnalysisProvider, AnalysisStatus, AnalysisType
from codezest_db.models.learning.columns import SCHEMA, USER_ID

NOTES = "A text as somebody wrote it, or a key with its parameters, which the reader's language turns into one."


def analysed_constraints(table: str) -> tuple[CheckConstraint | Index, ...]:
    return (
        Index(None, "course_id", "id"),
        Index(f"ix_{table}_to_review", "course_id", "id", postgresql_where=sql("needs_review")),
        CheckConstraint("(status = 'APPROVED') = (approved_at IS NOT NULL)", name="approved_has_time"),
        CheckConstraint(
            "status <> 'APPROVED' OR (released_at IS NOT NULL AND NOT needs_review)", name="approved_is_released"
        ),
        CheckConstraint("revision >= 0", name="revision_range"),
    )


def list_checks(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"jsonb_typeof({column}) = 'array'", name=f"{column}_is_array") for column in columns)


class Grading(Identified, Base):
    __tablename__ = "gradings"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"))
    graded_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), index=True, comment="Null when the program graded."
    )
    marks: Mapped[int]
    max_marks: Mapped[int]
    feedback: Mapped[str | None]
    grade_scale: Mapped[str | None] = mapped_column(comment="Such as A, B, C.")
    is_manual: Mapped[bool] = mapped_column(server_default="true")
    graded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.rubrics.id", ondelete="RESTRICT"), index=True)
    rubric_scores: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT, comment="By the id of the criterion: level (its id or null), points, note."
    )
    reason: Mapped[str | None] = mapped_column(comment="Why it replaces the one before.")
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.gradings.id", ondelete="SET NULL"), unique=True, comment="The one before."
    )

    __table_args__ = (
        Index(None, "submission_id", "graded_at"),
        CheckConstraint("jsonb_typeof(rubric_scores) = 'object'", name="rubric_scores_is_object"),
        CheckConstraint("max_marks > 0", name="max_marks_range"),
        CheckConstraint("marks BETWEEN 0 AND max_marks", name="marks_range"),
        {"schema": SCHEMA, "comment": "Every grade a submission was given; the latest counts, none is changed."},
    )


class Analysed(Timestamped):
    """What the analyses of submissions and of attempts have in common."""

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"), sort_order=-9)
    analysis_type: Mapped[AnalysisType] = mapped_column(server_default=AnalysisType.AI)
    status: Mapped[AnalysisStatus] = mapped_column(server_default=AnalysisStatus.READY)
    provider: Mapped[AnalysisProvider | None] = mapped_column(comment="Null when an instructor wrote it from nothing.")
    needs_review: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it waits for somebody who teaches to look at it."
    )
    original: Mapped[JsonObject | None] = mapped_column(
        comment="As it was before an instructor changed it; null while nobody has."
    )
    revision: Mapped[int] = mapped_column(
        server_default="0", comment="Rises with every change; a change that names an older one is refused."
    )
    released_at: Mapped[datetime | None] = mapped_column(comment="Since when the learner sees it; null: not yet.")
    approved_at: Mapped[datetime | None]


class SubmissionAnalysis(Identified, Analysed, Base):
    __tablename__ = "submission_analyses"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"), unique=True)
    overall_score: Mapped[int | None] = mapped_column(comment="Percent; advice, never a grade.")
    strengths: Mapped[list[Any]] = mapped_column(JSONB(), server_default=EMPTY_ARRAY, comment=NOTES)
    weaknesses: Mapped[list[Any]] = mapped_column(JSONB(), server_default=EMPTY_ARRAY, comment=NOTES)
    suggestions: Mapped[list[Any]] = mapped_column(JSONB(), server_default=EMPTY_ARRAY, comment=NOTES)
    evidence: Mapped[list[Any]] = mapped_column(
        JSONB(), server_default=EMPTY_ARRAY, comment="What was found on which line of which file, by rule."
    )
    code_quality: Mapped[JsonObject | None] = mapped_column(
        comment="Marks from 0 to 10 by aspect, such as readability."
    )
    measures: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT, comment="Counts of the program, such as its lines and functions."
    )
    detailed_feedback: Mapped[str | None]
    ai_model: Mapped[str | None]
    ai_prompt: Mapped[str | None]
    fallback: Mapped[str | None] = mapped_column(comment="Why the endpoint was not used, or failed; a key.")
    cache_key: Mapped[str | None] = mapped_column(
        comment="Hash of the program without trailing blanks, the assignment's revision and what analysed it."
    )
    input_tokens: Mapped[int] = mapped_column(server_default="0")
    output_tokens: Mapped[int] = mapped_column(server_default="0")
    cost_micros: Mapped[int] = mapped_column(BIGINT, server_default="0", comment="Millionths of the prices' currency.")
    requested_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), comment="Null when nobody asked for it."
    )
    requested_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]
    helpful: Mapped[bool | None] = mapped_column(comment="What the learner says of it.")
    analyzed_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        Index(None, "requested_by", "requested_at"),
        Index("ix_submission_analyses_cache_key", "cache_key", postgresql_where=sql("cache_key IS NOT NULL")),
        Index("ix_submission_analyses_queued", "requested_at", postgresql_where=sql("status = 'QUEUED'")),
        CheckConstraint("overall_score BETWEEN 0 AND 100", name="overall_score_range"),
        CheckConstraint("jsonb_typeof(code_quality) = 'object'", name="code_quality_is_object"),
        CheckConstraint("jsonb_typeof(measures) = 'object'", name="measures_is_object"),
        *list_checks("strengths", "weaknesses", "suggestions", "evidence"),
        *analysed_constraints("submission_analyses"),
        {"schema": SCHEMA, "comment": "What rules, a model or an instructor say about a submission."},
    )


class QuizAnalysis(Identified, Analysed, Base):
    __tablename__ = "quiz_analyses"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("learning.quiz_attempts.id", ondelete="CASCADE"), unique=True)
    performance_breakdown: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT, comment="By topic: percent, points, questions and seconds."
    )
    strong_topics: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    weak_topics: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    recommendations: Mapped[list[Any]] = mapped_column(JSONB(), server_default=EMPTY_ARRAY, comment=NOTES)
    insights: Mapped[list[Any]] = mapped_column(JSONB(), server_default=EMPTY_ARRAY, comment=NOTES)
    avg_time_per_question: Mapped[int | None] = mapped_column(comment="Seconds.")
    time_management: Mapped[Any | None] = mapped_column(
        JSONB(none_as_null=True), comment="A text, or a key with its parameters."
    )
    ai_model: Mapped[str | None]
    analyzed_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        CheckConstraint("avg_time_per_question >= 0", name="avg_time_per_question_range"),
        CheckConstraint("jsonb_typeof(performance_breakdown) = 'object'", name="performance_breakdown_is_object"),
        *list_checks("recommendations", "insights"),
        *analysed_constraints("quiz_analyses"),
        {"schema": SCHEMA, "comment": "What is said about a quiz attempt, by rules or by an instructor."},
    )


class CourseReview(Identified, Timestamped, Base):
    __tablename__ = "course_reviews"

    user_id: Mapped[UUID]
    course_id: Mapped[UUID]
    rating: Mapped[int] = mapped_column(comment="From 1 to 5.")
    text: Mapped[str | None]
    reply: Mapped[str | None] = mapped_column(comment="Of those who teach.")
    replied_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    replied_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None] = mapped_column(comment="An administrator hid it: nobody sees or counts it.")
    hidden_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        # Only who is enrolled may review, and a review leaves with the enrolment.
        ForeignKeyConstraint(
            ["user_id", "course_id"],
            ["learning.enrollments.user_id", "learning.enrollments.course_id"],
            ondelete="CASCADE",
        ),
        Index(None, "course_id", "created_at"),
        Index("ix_course_reviews_course_id_id", "course_id", "id"),
        Index("ix_course_reviews_hidden", "id", postgresql_where=sql("hidden_at IS NOT NULL")),
        Index("ix_course_reviews_course_id_rating_id", "course_id", "rating", "id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_has_time"),
        {"schema": SCHEMA, "comment": "What an enrolled learner thinks of a course."},
    )
