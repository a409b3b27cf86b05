"""Schema `learning`: an assignment's own solution and starting program, tried on its tests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB()
USER_ID = "auth.users.id"


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Who asked for it, and reads it."),
        sa.Column("status", sa.String(32), server_default="PENDING", nullable=False),
        sa.Column("tests_revision", sa.Text(), comment="Hash of the tests that it was graded by."),
        sa.Column("programs_revision", sa.Text(), comment="Hash of the programs that were run."),
        sa.Column("solution", JSONB, comment="How the solution went: verdict, score, compile output, tests."),
        sa.Column("starter", JSONB, comment="How the program to start from went; the same."),
        sa.Column("problem", sa.Text(), comment="Why nothing could be run, in words for authors."),
        sa.Column("pick_ups", sa.Integer(), server_default="0", nullable=False, comment="How often a worker began it."),
        sa.Column("requested_at", TIMESTAMP, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", TIMESTAMP),
        sa.CheckConstraint("jsonb_typeof(solution) = 'object'", name="ck_trials_solution_is_object"),
        sa.CheckConstraint("jsonb_typeof(starter) = 'object'", name="ck_trials_starter_is_object"),
        sa.CheckConstraint("pick_ups >= 0", name="ck_trials_pick_ups_range"),
        sa.CheckConstraint(
            "(status IN ('DONE', 'FAILED')) = (finished_at IS NOT NULL)", name="ck_trials_finished_has_time"
        ),
        sa.CheckConstraint("(status = 'FAILED') = (problem IS NOT NULL)", name="ck_trials_failed_has_problem"),
        sa.CheckConstraint("status IN ('PENDING', 'RUNNING', 'DONE', 'FAILED')", name="ck_trials_trial_status"),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["learning.assignments.id"],
            name="fk_trials_assignment_id_assignments",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], [USER_ID], name="fk_trials_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
        sa.UniqueConstraint("assignment_id", "user_id", name="uq_trials_assignment_id_user_id"),
        schema="learning",
        comment="The latest try of an assignment's own programs by each of its authors; kept for a day.",
    )
    op.create_index("ix_trials_user_id", "trials", ["user_id"], schema="learning")
    op.create_index("ix_trials_requested_at", "trials", ["requested_at"], schema="learning")
    for statement in roles.grants_on_table("codezest_learning", "learning.trials"):
        op.execute(statement)
    op.execute(roles.grants_to_browser())


def downgrade() -> None:
    op.drop_table("trials", schema="learning")
