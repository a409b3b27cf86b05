"""Schema `learning`, what learners do: enrolment, progress, submissions, attempts, grades, analyses, reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), server_default="ACTIVE", nullable=False),
        sa.Column(
            "progress_percent",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Kept by writers, never computed by readers.",
        ),
        sa.Column("completed_items", sa.Integer(), server_default="0", nullable=False),
        sa.Column("enrolled_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("completed_at", TIMESTAMP),
        sa.Column("last_module_id", sa.Uuid(), comment="Where to continue."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "status <> 'COMPLETED' OR completed_at IS NOT NULL", name="ck_enrollments_completed_has_time"
        ),
        sa.CheckConstraint("completed_items >= 0", name="ck_enrollments_completed_items_range"),
        sa.CheckConstraint("progress_percent BETWEEN 0 AND 100", name="ck_enrollments_progress_percent_range"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_enrollments_course_id_courses", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["last_module_id"],
            ["learning.modules.id"],
            name="fk_enrollments_last_module_id_modules",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_enrollments_user_id_users", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'ACTIVE', 'PAUSED', 'COMPLETED', 'DROPPED')", name="ck_enrollments_enrollment_status"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrollments"),
        sa.UniqueConstraint("user_id", "course_id", name="uq_enrollments_user_id_course_id"),
        schema="learning",
        comment="Who takes which course.",
    )
    op.create_index("ix_enrollments_course_id", "enrollments", ["course_id"], schema="learning")
    op.create_index("ix_enrollments_last_module_id", "enrollments", ["last_module_id"], schema="learning")
    op.create_table(
        "module_progress",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), server_default="NOT_STARTED", nullable=False),
        sa.Column(
            "progress_percent",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Kept by writers, never computed by readers.",
        ),
        sa.Column("completed_items", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", TIMESTAMP),
        sa.Column("completed_at", TIMESTAMP),
        sa.Column("last_accessed_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "status <> 'COMPLETED' OR completed_at IS NOT NULL", name="ck_module_progress_completed_has_time"
        ),
        sa.CheckConstraint("completed_items >= 0", name="ck_module_progress_completed_items_range"),
        sa.CheckConstraint("progress_percent BETWEEN 0 AND 100", name="ck_module_progress_progress_percent_range"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["learning.modules.id"], name="fk_module_progress_module_id_modules", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_module_progress_user_id_users", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status IN ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED')", name="ck_module_progress_progress_status"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_module_progress"),
        sa.UniqueConstraint("user_id", "module_id", name="uq_module_progress_user_id_module_id"),
        schema="learning",
        comment="How far a learner is in a module.",
    )
    op.create_index("ix_module_progress_module_id", "module_progress", ["module_id"], schema="learning")
    op.create_table(
        "course_reviews",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False, comment="From 1 to 5."),
        sa.Column("text", sa.Text()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="ck_course_reviews_rating_range"),
        sa.ForeignKeyConstraint(
            ["user_id", "course_id"],
            ["learning.enrollments.user_id", "learning.enrollments.course_id"],
            name="fk_course_reviews_user_id_course_id_enrollments",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_course_reviews"),
        sa.UniqueConstraint("user_id", "course_id", name="uq_course_reviews_user_id_course_id"),
        schema="learning",
        comment="What an enrolled learner thinks of a course.",
    )
    op.create_index(
        "ix_course_reviews_course_id_created_at", "course_reviews", ["course_id", "created_at"], schema="learning"
    )
    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False, comment="From 1."),
        sa.Column("status", sa.String(32), server_default="IN_PROGRESS", nullable=False),
        sa.Column("started_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deadline_at", TIMESTAMP),
        sa.Column("completed_at", TIMESTAMP),
        sa.Column("time_taken_seconds", sa.Integer()),
        sa.Column("score", sa.Integer(), comment="Percent."),
        sa.Column("points", sa.Integer()),
        sa.Column("max_points", sa.Integer()),
        sa.Column("passed", sa.Boolean()),
        sa.Column(
            "question_ids",
            postgresql.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'::uuid[]"),
            nullable=False,
            comment="In the order shown.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "status IN ('IN_PROGRESS', 'EXPIRED') OR completed_at IS NOT NULL",
            name="ck_quiz_attempts_completed_has_time",
        ),
        sa.CheckConstraint("attempt_number > 0", name="ck_quiz_attempts_attempt_number_range"),
        sa.CheckConstraint("deadline_at > started_at", name="ck_quiz_attempts_deadline_after_start"),
        sa.CheckConstraint("points BETWEEN 0 AND max_points", name="ck_quiz_attempts_points_range"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="ck_quiz_attempts_score_range"),
        sa.CheckConstraint("time_taken_seconds >= 0", name="ck_quiz_attempts_time_taken_seconds_range"),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["learning.quizzes.id"], name="fk_quiz_attempts_quiz_id_quizzes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_quiz_attempts_user_id_users", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status IN ('IN_PROGRESS', 'SUBMITTED', 'GRADED', 'LATE', 'EXPIRED')",
            name="ck_quiz_attempts_attempt_status",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_attempts"),
        sa.UniqueConstraint(
            "user_id", "quiz_id", "attempt_number", name="uq_quiz_attempts_user_id_quiz_id_attempt_number"
        ),
        schema="learning",
        comment="A learner's goes at a quiz.",
    )
    op.create_index(
        "ix_quiz_attempts_passed",
        "quiz_attempts",
        ["user_id", "quiz_id"],
        schema="learning",
        postgresql_where=sa.text("passed"),
    )
    op.create_index("ix_quiz_attempts_quiz_id", "quiz_attempts", ["quiz_id"], schema="learning")
    op.create_index(
        "uq_quiz_attempts_in_progress",
        "quiz_attempts",
        ["user_id", "quiz_id"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("status = 'IN_PROGRESS'"),
    )
    op.create_table(
        "material_progress",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), server_default="NOT_STARTED", nullable=False),
        sa.Column("completed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("view_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", TIMESTAMP),
        sa.Column("completed_at", TIMESTAMP),
        sa.Column("last_viewed_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("completed = (status = 'COMPLETED')", name="ck_material_progress_completed_is_status"),
        sa.CheckConstraint("NOT completed OR completed_at IS NOT NULL", name="ck_material_progress_completed_has_time"),
        sa.CheckConstraint("view_count >= 0", name="ck_material_progress_view_count_range"),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["learning.materials.id"],
            name="fk_material_progress_material_id_materials",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_material_progress_user_id_users", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status IN ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED')", name="ck_material_progress_progress_status"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_material_progress"),
        sa.UniqueConstraint("user_id", "material_id", name="uq_material_progress_user_id_material_id"),
        schema="learning",
        comment="What a learner did with a material.",
    )
    op.create_index("ix_material_progress_material_id", "material_progress", ["material_id"], schema="learning")
    op.create_table(
        "quiz_analyses",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("analysis_type", sa.String(32), server_default="AI", nullable=False),
        sa.Column(
            "performance_breakdown",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Percent by topic.",
        ),
        sa.Column("strong_topics", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("weak_topics", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column(
            "recommendations", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("insights", sa.Text()),
        sa.Column("avg_time_per_question", sa.Integer(), comment="Seconds."),
        sa.Column("time_management", sa.Text()),
        sa.Column("ai_model", sa.Text()),
        sa.Column("analyzed_by", sa.Uuid()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(performance_breakdown) = 'object'", name="ck_quiz_analyses_performance_breakdown_is_object"
        ),
        sa.CheckConstraint("avg_time_per_question >= 0", name="ck_quiz_analyses_avg_time_per_question_range"),
        sa.ForeignKeyConstraint(
            ["analyzed_by"], ["auth.users.id"], name="fk_quiz_analyses_analyzed_by_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["learning.quiz_attempts.id"],
            name="fk_quiz_analyses_attempt_id_quiz_attempts",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("analysis_type IN ('AI', 'MANUAL', 'HYBRID')", name="ck_quiz_analyses_analysis_type"),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_analyses"),
        sa.UniqueConstraint("attempt_id", name="uq_quiz_analyses_attempt_id"),
        schema="learning",
        comment="What a model or an instructor says about a quiz attempt.",
    )
    op.create_index("ix_quiz_analyses_analyzed_by", "quiz_analyses", ["analyzed_by"], schema="learning")
    op.create_table(
        "quiz_answers",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column(
            "option_ids",
            postgresql.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'::uuid[]"),
            nullable=False,
            comment="Chosen, or in the order given.",
        ),
        sa.Column("text_answer", sa.Text()),
        sa.Column("is_correct", sa.Boolean(), comment="Null while ungraded."),
        sa.Column("points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds_spent", sa.Integer()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("points >= 0", name="ck_quiz_answers_points_range"),
        sa.CheckConstraint("seconds_spent >= 0", name="ck_quiz_answers_seconds_spent_range"),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["learning.quiz_attempts.id"],
            name="fk_quiz_answers_attempt_id_quiz_attempts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["learning.questions.id"],
            name="fk_quiz_answers_question_id_questions",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_answers"),
        sa.UniqueConstraint("attempt_id", "question_id", name="uq_quiz_answers_attempt_id_question_id"),
        schema="learning",
        comment="What a learner answered.",
    )
    op.create_index("ix_quiz_answers_question_id", "quiz_answers", ["question_id"], schema="learning")
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid()),
        sa.Column("material_id", sa.Uuid()),
        sa.Column("purpose", sa.String(32), server_default="SUBMIT", nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("stdin", sa.Text(), comment="What the learner typed as input of a PLAYGROUND run."),
        sa.Column("text_answer", sa.Text()),
        sa.Column("file_key", sa.Text(), comment="Storage key of an uploaded file."),
        sa.Column("language", sa.Text(), comment="Key of the grader's language, such as python."),
        sa.Column("status", sa.String(32), server_default="PENDING", nullable=False),
        sa.Column("verdict", sa.String(32), comment="The worst of its tests."),
        sa.Column("score", sa.Integer()),
        sa.Column("max_score", sa.Integer(), server_default="100", nullable=False),
        sa.Column("feedback", sa.Text()),
        sa.Column("compile_output", sa.Text()),
        sa.Column("attempt_number", sa.Integer(), comment="From 1; only for SUBMIT."),
        sa.Column("is_late", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("tests_revision", sa.Text(), comment="Hash of the tests that gave the verdict."),
        sa.Column("runtime", sa.Text(), comment="Interpreter or compiler with its version."),
        sa.Column("sandbox_tier", sa.Text(), comment="Isolation it ran under."),
        sa.Column("submitted_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("started_at", TIMESTAMP, comment="When grading began."),
        sa.Column("graded_at", TIMESTAMP),
        sa.Column("idempotency_key", sa.Text()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint(
            "(purpose = 'PLAYGROUND') = (material_id IS NOT NULL)", name="ck_submissions_playground_names_material"
        ),
        sa.CheckConstraint(
            "(purpose = 'SUBMIT') = (attempt_number IS NOT NULL)", name="ck_submissions_submit_is_numbered"
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'SUBMITTED', 'LATE') OR graded_at IS NOT NULL",
            name="ck_submissions_graded_has_time",
        ),
        sa.CheckConstraint("attempt_number > 0", name="ck_submissions_attempt_number_range"),
        sa.CheckConstraint("code IS NULL OR language IS NOT NULL", name="ck_submissions_code_names_language"),
        sa.CheckConstraint("max_score >= 0", name="ck_submissions_max_score_range"),
        sa.CheckConstraint("num_nonnulls(assignment_id, material_id) = 1", name="ck_submissions_one_target"),
        sa.CheckConstraint("num_nonnulls(code, text_answer, file_key) >= 1", name="ck_submissions_has_answer"),
        sa.CheckConstraint("score BETWEEN 0 AND max_score", name="ck_submissions_score_range"),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["learning.assignments.id"],
            name="fk_submissions_assignment_id_assignments",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["learning.materials.id"], name="fk_submissions_material_id_materials", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_submissions_user_id_users", ondelete="CASCADE"
        ),
        sa.CheckConstraint("purpose IN ('SUBMIT', 'RUN', 'PLAYGROUND')", name="ck_submissions_submission_purpose"),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'PASSED', 'FAILED', 'ERROR', 'SUBMITTED', 'GRADED', 'LATE')",
            name="ck_submissions_submission_status",
        ),
        sa.CheckConstraint(
            "verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')", name="ck_submissions_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        schema="learning",
        comment="Work handed in, tried out or run in a material's cell.",
    )
    op.create_index("ix_submissions_assignment_id", "submissions", ["assignment_id"], schema="learning")
    op.create_index("ix_submissions_material_id", "submissions", ["material_id"], schema="learning")
    op.create_index(
        "ix_submissions_mine",
        "submissions",
        ["user_id", "assignment_id", sa.literal_column("submitted_at DESC"), sa.literal_column("id DESC")],
        schema="learning",
    )
    op.create_index(
        "ix_submissions_passed",
        "submissions",
        ["user_id", "assignment_id"],
        schema="learning",
        postgresql_where=sa.text("status = 'PASSED' AND purpose = 'SUBMIT' AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_submissions_unfinished",
        "submissions",
        ["submitted_at"],
        schema="learning",
        postgresql_where=sa.text("status IN ('PENDING', 'RUNNING')"),
    )
    op.create_index(
        "uq_submissions_attempt_number",
        "submissions",
        ["user_id", "assignment_id", "attempt_number"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("attempt_number IS NOT NULL"),
    )
    op.create_index(
        "uq_submissions_idempotency_key",
        "submissions",
        ["user_id", "idempotency_key"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_table(
        "gradings",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("graded_by", sa.Uuid(), comment="Null when the program graded."),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("max_marks", sa.Integer(), nullable=False),
        sa.Column("feedback", sa.Text()),
        sa.Column("grade_scale", sa.Text(), comment="Such as A, B, C."),
        sa.Column("is_manual", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("graded_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("marks BETWEEN 0 AND max_marks", name="ck_gradings_marks_range"),
        sa.CheckConstraint("max_marks > 0", name="ck_gradings_max_marks_range"),
        sa.ForeignKeyConstraint(
            ["graded_by"], ["auth.users.id"], name="fk_gradings_graded_by_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_gradings_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_gradings"),
        schema="learning",
        comment="Every grade a submission was given; the latest counts, none is changed.",
    )
    op.create_index("ix_gradings_graded_by", "gradings", ["graded_by"], schema="learning")
    op.create_index(
        "ix_gradings_submission_id_graded_at", "gradings", ["submission_id", "graded_at"], schema="learning"
    )
    op.create_table(
        "submission_analyses",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("analysis_type", sa.String(32), server_default="AI", nullable=False),
        sa.Column("overall_score", sa.Integer(), comment="Percent."),
        sa.Column("strengths", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("weaknesses", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("suggestions", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("code_quality", postgresql.JSONB(), comment="Marks from 0 to 10 by aspect, such as readability."),
        sa.Column("detailed_feedback", sa.Text()),
        sa.Column("ai_model", sa.Text()),
        sa.Column("ai_prompt", sa.Text()),
        sa.Column("analyzed_by", sa.Uuid()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(code_quality) = 'object'", name="ck_submission_analyses_code_quality_is_object"
        ),
        sa.CheckConstraint("overall_score BETWEEN 0 AND 100", name="ck_submission_analyses_overall_score_range"),
        sa.ForeignKeyConstraint(
            ["analyzed_by"], ["auth.users.id"], name="fk_submission_analyses_analyzed_by_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_submission_analyses_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("analysis_type IN ('AI', 'MANUAL', 'HYBRID')", name="ck_submission_analyses_analysis_type"),
        sa.PrimaryKeyConstraint("id", name="pk_submission_analyses"),
        sa.UniqueConstraint("submission_id", name="uq_submission_analyses_submission_id"),
        schema="learning",
        comment="What a model or an instructor says about a submission.",
    )
    op.create_index("ix_submission_analyses_analyzed_by", "submission_analyses", ["analyzed_by"], schema="learning")
    op.create_table(
        "submission_test_results",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("time_ms", sa.Integer(), comment="CPU time."),
        sa.Column("memory_kb", sa.BigInteger(), comment="Peak."),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("stdin", sa.Text(), comment="Copied from a visible test, as it was when graded."),
        sa.Column("expected", sa.Text(), comment="Copied from a visible test, as it was when graded."),
        sa.Column("stdout", sa.Text()),
        sa.Column("stderr", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.CheckConstraint("max_points >= 0", name="ck_submission_test_results_max_points_range"),
        sa.CheckConstraint("memory_kb >= 0", name="ck_submission_test_results_memory_kb_range"),
        sa.CheckConstraint("points BETWEEN 0 AND max_points", name="ck_submission_test_results_points_range"),
        sa.CheckConstraint("position >= 0", name="ck_submission_test_results_position_range"),
        sa.CheckConstraint("time_ms >= 0", name="ck_submission_test_results_time_ms_range"),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_submission_test_results_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')", name="ck_submission_test_results_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_test_results"),
        sa.UniqueConstraint("submission_id", "position", name="uq_submission_test_results_submission_id_position"),
        schema="learning",
        comment="How a submission fared on each test.",
    )

    for statement in (
        *roles.grants_on_schema("codezest_learning", "learning"),
        *roles.make_append_only("codezest_learning", "learning.gradings"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("submission_test_results", schema="learning")
    op.drop_table("submission_analyses", schema="learning")
    op.drop_table("gradings", schema="learning")
    op.drop_table("submissions", schema="learning")
    op.drop_table("quiz_answers", schema="learning")
    op.drop_table("quiz_analyses", schema="learning")
    op.drop_table("material_progress", schema="learning")
    op.drop_table("quiz_attempts", schema="learning")
    op.drop_table("course_reviews", schema="learning")
    op.drop_table("module_progress", schema="learning")
    op.drop_table("enrollments", schema="learning")
