"""Judgements by people and models: grades given by hand, analyses, reviews of courses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import EMPTY_OBJECT, EMPTY_TEXTS, NOW, Base, Identified, JsonObject, Timestamped
from codezest_db.enums import AnalysisType
from codezest_db.models.learning.columns import SCHEMA, USER_ID


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

    __table_args__ = (
        Index(None, "submission_id", "graded_at"),
        CheckConstraint("max_marks > 0", name="max_marks_range"),
        CheckConstraint("marks BETWEEN 0 AND max_marks", name="marks_range"),
        {"schema": SCHEMA, "comment": "Every grade a submission was given; the latest counts, none is changed."},
    )


class SubmissionAnalysis(Identified, Timestamped, Base):
    __tablename__ = "submission_analyses"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"), unique=True)
    analysis_type: Mapped[AnalysisType] = mapped_column(server_default=AnalysisType.AI)
    overall_score: Mapped[int | None] = mapped_column(comment="Percent.")
    strengths: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    weaknesses: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    suggestions: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    code_quality: Mapped[JsonObject | None] = mapped_column(
        comment="Marks from 0 to 10 by aspect, such as readability."
    )
    detailed_feedback: Mapped[str | None]
    ai_model: Mapped[str | None]
    ai_prompt: Mapped[str | None]
    analyzed_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        CheckConstraint("overall_score BETWEEN 0 AND 100", name="overall_score_range"),
        CheckConstraint("jsonb_typeof(code_quality) = 'object'", name="code_quality_is_object"),
        {"schema": SCHEMA, "comment": "What a model or an instructor says about a submission."},
    )


class QuizAnalysis(Identified, Timestamped, Base):
    __tablename__ = "quiz_analyses"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("learning.quiz_attempts.id", ondelete="CASCADE"), unique=True)
    analysis_type: Mapped[AnalysisType] = mapped_column(server_default=AnalysisType.AI)
    performance_breakdown: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT, comment="Percent by topic.")
    strong_topics: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    weak_topics: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    recommendations: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    insights: Mapped[str | None]
    avg_time_per_question: Mapped[int | None] = mapped_column(comment="Seconds.")
    time_management: Mapped[str | None]
    ai_model: Mapped[str | None]
    analyzed_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        CheckConstraint("avg_time_per_question >= 0", name="avg_time_per_question_range"),
        CheckConstraint("jsonb_typeof(performance_breakdown) = 'object'", name="performance_breakdown_is_object"),
        {"schema": SCHEMA, "comment": "What a model or an instructor says about a quiz attempt."},
    )


class CourseReview(Identified, Timestamped, Base):
    __tablename__ = "course_reviews"

    user_id: Mapped[UUID]
    course_id: Mapped[UUID]
    rating: Mapped[int] = mapped_column(comment="From 1 to 5.")
    text: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        # Only who is enrolled may review, and a review leaves with the enrolment.
        ForeignKeyConstraint(
            ["user_id", "course_id"],
            ["learning.enrollments.user_id", "learning.enrollments.course_id"],
            ondelete="CASCADE",
        ),
        Index(None, "course_id", "created_at"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        {"schema": SCHEMA, "comment": "What an enrolled learner thinks of a course."},
    )
