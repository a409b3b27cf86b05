"""Schema `ops`: worker processes and what they can do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("host", sa.Text(), nullable=False, comment="Name of the machine."),
        sa.Column("version", sa.Text(), nullable=False, comment="Of the program."),
        sa.Column(
            "sandbox_tier",
            sa.Text(),
            nullable=False,
            comment="How learners' programs are isolated there; NONE runs none.",
        ),
        sa.Column("refusal", sa.Text(), comment="Why it grades nothing, with the remedy."),
        sa.Column(
            "languages",
            postgresql.JSONB(),
            nullable=False,
            comment="By key: the toolchain's version, or null where it is missing.",
        ),
        sa.Column("seen_at", TIMESTAMP, server_default=NOW, nullable=False, comment="Its latest sign of life."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "sandbox_tier IN ('NONE', 'LANDLOCK', 'NAMESPACES', 'NAMESPACES_CGROUP')", name="ck_workers_sandbox_tier"
        ),
        sa.CheckConstraint("jsonb_typeof(languages) = 'object'", name="ck_workers_languages_is_object"),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        schema="ops",
        comment="Worker processes that live, as they say themselves.",
    )
    op.create_index("ix_workers_seen_at", "workers", ["seen_at"], schema="ops")
    for statement in roles.grants_on_table("codezest_ops", "ops.workers"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("workers", schema="ops")
