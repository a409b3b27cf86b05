"""Schema `learning`: exercises whose tests must never share a process."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "assignments",
        sa.Column(
            "separate_processes",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Every test gets a process of its own, even where a shared one is faster.",
        ),
        schema="learning",
    )


def downgrade() -> None:
    op.drop_column("assignments", "separate_processes", schema="learning")
