"""Schema `learning`: what gave each verdict, and verdicts given anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
EMPTY_LIST = sa.text("'[]'::jsonb")
TIMESTAMP = sa.DateTime(timezone=True)
NEW_TABLES = ("grading_specs", "regrades", "regrade_results", "regrade_learners", "former_gradings")
APPEND_ONLY = ("grading_specs", "former_gradings")


def upgrade() -> None:
    op.create_table(
        "grading_specs",
        sa.Column("sha256", sa.Text(), nullable=False, comment="Of `spec`, 64 hexadecimal digits."),
        sa.Column("tests_sha256", sa.Text(), nullable=False, comment="Of its tests alone."),
        sa.Column("harness_sha256", sa.Text(), nullable=False, comment="Of all but tests, limits, points and seed."),
        sa.Column(
            "spec",
            sa.Text(),
            nullable=False,
            comment="Canonical JSON: tests, harness, limits, seed. Never shown to learners.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("harness_sha256 ~ '^[0-9a-f]{64}$'", name="ck_grading_specs_harness_sha256_shape"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_grading_specs_sha256_shape"),
        sa.CheckConstraint("tests_sha256 ~ '^[0-9a-f]{64}$'", name="ck_grading_specs_tests_sha256_shape"),
        sa.PrimaryKeyConstraint("sha256", name="pk_grading_specs"),
        schema="learning",
        comment="All that verdicts were given by, each once, never changed.",
    )
    op.create_table(
        "regrades",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), comment="Null when an operator asked, or the account is gone."),
        sa.Column("reason", sa.Text(), nullable=False, comment="In words for the learners whose result changes."),
        sa.Column("status", sa.String(32), server_default="PREVIEWING", nullable=False),
        sa.Column("spec_sha256", sa.Text(), nullable=False, comment="What is graded by now."),
        sa.Column("tests_revision", sa.Text(), comment="Of the assignment when it began."),
        sa.Column("failure", sa.Text(), comment="Why it FAILED."),
        sa.Column("ready_at", TIMESTAMP),
        sa.Column("applied_at", TIMESTAMP),
        sa.Column("applied_by", sa.Uuid()),
        sa.Column("cancelled_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("(status = 'APPLIED') = (applied_at IS NOT NULL)", name="ck_regrades_applied_has_time"),
        sa.CheckConstraint(
            "(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="ck_regrades_cancelled_has_time"
        ),
        sa.CheckConstraint("(status = 'FAILED') = (failure IS NOT NULL)", name="ck_regrades_failed_has_reason"),
        sa.CheckConstraint("reason <> ''", name="ck_regrades_reason_given"),
        sa.CheckConstraint(
            "status NOT IN ('READY', 'APPLIED') OR ready_at IS NOT NULL", name="ck_regrades_ready_has_time"
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["auth.users.id"], name="fk_regrades_applied_by_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["learning.assignments.id"],
            name="fk_regrades_assignment_id_assignments",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["auth.users.id"], name="fk_regrades_requested_by_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["spec_sha256"],
            ["learning.grading_specs.sha256"],
            name="fk_regrades_spec_sha256_grading_specs",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "status IN ('PREVIEWING', 'READY', 'APPLIED', 'CANCELLED', 'FAILED')", name="ck_regrades_regrade_status"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_regrades"),
        schema="learning",
        comment="An assignment's submissions graded anew: seen first, then applied as one, or not.",
    )
    op.create_index("ix_regrades_applied_by", "regrades", ["applied_by"], schema="learning")
    op.create_index(
        "ix_regrades_assignment_id_created_at", "regrades", ["assignment_id", "created_at"], schema="learning"
    )
    op.create_index("ix_regrades_requested_by", "regrades", ["requested_by"], schema="learning")
    op.create_index("ix_regrades_spec_sha256", "regrades", ["spec_sha256"], schema="learning")
    op.create_index(
        "uq_regrades_active",
        "regrades",
        ["assignment_id"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("status IN ('PREVIEWING', 'READY')"),
    )
    op.create_table(
        "regrade_results",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("old_status", sa.String(32), nullable=False),
        sa.Column("old_verdict", sa.String(32)),
        sa.Column("old_score", sa.Integer()),
        sa.Column("old_max_score", sa.Integer(), nullable=False),
        sa.Column("old_spec_sha256", sa.Text()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="How often grading was begun."),
        sa.Column("claimed_until", TIMESTAMP, comment="Whoever grades it has this long; then others may."),
        sa.Column("graded_at", TIMESTAMP),
        sa.Column(
            "new_status",
            sa.String(32),
            comment="Null until graded. ERROR: it could not be run, and applying leaves the submission as it is.",
        ),
        sa.Column("new_verdict", sa.String(32)),
        sa.Column("new_score", sa.Integer()),
        sa.Column("new_max_score", sa.Integer()),
        sa.Column("feedback", sa.Text(), comment="With new_status ERROR: why it could not be run, for authors."),
        sa.Column("compile_output", sa.Text()),
        sa.Column("runtime", sa.Text(), comment="Interpreter or compiler with its version."),
        sa.Column("sandbox_tier", sa.Text(), comment="Isolation it ran under."),
        sa.Column("grader_version", sa.Text()),
        sa.Column(
            "tests",
            postgresql.JSONB(),
            server_default=EMPTY_LIST,
            nullable=False,
            comment="Rows of submission_test_results to be.",
        ),
        sa.CheckConstraint("jsonb_typeof(tests) = 'array'", name="ck_regrade_results_tests_is_array"),
        sa.CheckConstraint(
            "new_status IS NULL OR new_status IN ('PASSED', 'FAILED', 'ERROR')",
            name="ck_regrade_results_new_status_graded",
        ),
        sa.CheckConstraint("(graded_at IS NULL) = (new_status IS NULL)", name="ck_regrade_results_graded_has_status"),
        sa.CheckConstraint("attempts >= 0", name="ck_regrade_results_attempts_range"),
        sa.CheckConstraint("new_score BETWEEN 0 AND new_max_score", name="ck_regrade_results_new_score_range"),
        sa.CheckConstraint("old_score BETWEEN 0 AND old_max_score", name="ck_regrade_results_old_score_range"),
        sa.ForeignKeyConstraint(
            ["old_spec_sha256"],
            ["learning.grading_specs.sha256"],
            name="fk_regrade_results_old_spec_sha256_grading_specs",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["learning.regrades.id"], name="fk_regrade_results_regrade_id_regrades", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_regrade_results_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "old_status IN ('PENDING', 'RUNNING', 'PASSED', 'FAILED', 'ERROR', 'SUBMITTED', 'GRADED', 'LATE')",
            name="ck_regrade_results_submission_status",
        ),
        sa.CheckConstraint(
            "old_verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')", name="ck_regrade_results_verdict"
        ),
        sa.CheckConstraint(
            "new_status IN ('PENDING', 'RUNNING', 'PASSED', 'FAILED', 'ERROR', 'SUBMITTED', 'GRADED', 'LATE')",
            name="ck_regrade_results_new_submission_status",
        ),
        sa.CheckConstraint(
            "new_verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')", name="ck_regrade_results_new_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_regrade_results"),
        sa.UniqueConstraint("regrade_id", "submission_id", name="uq_regrade_results_regrade_id_submission_id"),
        schema="learning",
        comment="What a submission's result was, and what a regrade makes of it.",
    )
    op.create_index("ix_regrade_results_old_spec_sha256", "regrade_results", ["old_spec_sha256"], schema="learning")
    op.create_index("ix_regrade_results_submission_id", "regrade_results", ["submission_id"], schema="learning")
    op.create_index(
        "ix_regrade_results_waiting",
        "regrade_results",
        ["regrade_id", "attempts", "id"],
        schema="learning",
        postgresql_where=sa.text("graded_at IS NULL"),
    )
    op.create_table(
        "regrade_learners",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.Column("best_score_before", sa.Integer(), comment="Of all submissions that count."),
        sa.Column("best_score_after", sa.Integer()),
        sa.Column("module_percent_before", sa.Integer()),
        sa.Column("module_percent_after", sa.Integer()),
        sa.Column("course_percent_before", sa.Integer(), comment="Null without an enrollment."),
        sa.Column("course_percent_after", sa.Integer()),
        sa.CheckConstraint(
            "course_percent_after BETWEEN 0 AND 100", name="ck_regrade_learners_course_percent_after_range"
        ),
        sa.CheckConstraint(
            "course_percent_before BETWEEN 0 AND 100", name="ck_regrade_learners_course_percent_before_range"
        ),
        sa.CheckConstraint(
            "module_percent_after BETWEEN 0 AND 100", name="ck_regrade_learners_module_percent_after_range"
        ),
        sa.CheckConstraint(
            "module_percent_before BETWEEN 0 AND 100", name="ck_regrade_learners_module_percent_before_range"
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["learning.regrades.id"], name="fk_regrade_learners_regrade_id_regrades", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_regrade_learners_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("regrade_id", "user_id", name="pk_regrade_learners"),
        schema="learning",
        comment="What a regrade means for a learner: foreseen when READY, as it came once APPLIED.",
    )
    op.create_index("ix_regrade_learners_user_id", "regrade_learners", ["user_id"], schema="learning")
    op.create_table(
        "former_gradings",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("regrade_id", sa.Uuid(), nullable=False, comment="What replaced it."),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(32)),
        sa.Column("score", sa.Integer()),
        sa.Column("max_score", sa.Integer(), nullable=False),
        sa.Column("feedback", sa.Text()),
        sa.Column("compile_output", sa.Text()),
        sa.Column("tests_revision", sa.Text()),
        sa.Column("spec_sha256", sa.Text()),
        sa.Column("runtime", sa.Text()),
        sa.Column("sandbox_tier", sa.Text()),
        sa.Column("grader_version", sa.Text()),
        sa.Column("graded_at", TIMESTAMP),
        sa.Column(
            "tests",
            postgresql.JSONB(),
            server_default=EMPTY_LIST,
            nullable=False,
            comment="The rows of submission_test_results as they were.",
        ),
        sa.Column("replaced_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("jsonb_typeof(tests) = 'array'", name="ck_former_gradings_tests_is_array"),
        sa.CheckConstraint("score BETWEEN 0 AND max_score", name="ck_former_gradings_score_range"),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["learning.regrades.id"], name="fk_former_gradings_regrade_id_regrades", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["spec_sha256"],
            ["learning.grading_specs.sha256"],
            name="fk_former_gradings_spec_sha256_grading_specs",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_former_gradings_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'PASSED', 'FAILED', 'ERROR', 'SUBMITTED', 'GRADED', 'LATE')",
            name="ck_former_gradings_submission_status",
        ),
        sa.CheckConstraint(
            "verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE')", name="ck_former_gradings_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_gradings"),
        sa.UniqueConstraint("submission_id", "regrade_id", name="uq_former_gradings_submission_id_regrade_id"),
        schema="learning",
        comment="Results that a regrade replaced; the submission itself holds the one that counts.",
    )
    op.create_index("ix_former_gradings_regrade_id", "former_gradings", ["regrade_id"], schema="learning")
    op.create_index("ix_former_gradings_spec_sha256", "former_gradings", ["spec_sha256"], schema="learning")
    op.add_column(
        "submissions",
        sa.Column("grader_version", sa.Text(), comment="Version of CodeZest that gave the verdict."),
        schema="learning",
    )
    op.add_column(
        "submissions",
        sa.Column(
            "spec_sha256",
            sa.Text(),
            comment="All that gave the verdict; null for PLAYGROUND, and where nothing could be run.",
        ),
        schema="learning",
    )
    op.create_foreign_key(
        "fk_submissions_spec_sha256_grading_specs",
        "submissions",
        "grading_specs",
        ["spec_sha256"],
        ["sha256"],
        source_schema="learning",
        referent_schema="learning",
        ondelete="RESTRICT",
    )
    op.create_index("ix_submissions_spec_sha256", "submissions", ["spec_sha256"], schema="learning")
    for table in NEW_TABLES:
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in roles.make_append_only("codezest_learning", f"learning.{table}"):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_submissions_spec_sha256", "submissions", schema="learning")
    op.drop_constraint("fk_submissions_spec_sha256_grading_specs", "submissions", schema="learning")
    op.drop_column("submissions", "spec_sha256", schema="learning")
    op.drop_column("submissions", "grader_version", schema="learning")
    for table in reversed(NEW_TABLES):
        op.drop_table(table, schema="learning")
