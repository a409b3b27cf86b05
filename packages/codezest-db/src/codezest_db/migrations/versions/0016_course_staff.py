"""Schema `learning`: who teaches a course beside its owner."""

import sqlalchemy as sa
from alembic import op

from codezest_db import roles

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "course_staff",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("role IN ('CO_INSTRUCTOR', 'GRADER', 'OBSERVER')", name="ck_course_staff_staff_role"),
        sa.PrimaryKeyConstraint("id", name="pk_course_staff"),
        sa.UniqueConstraint("course_id", "user_id", name="uq_course_staff_course_id_user_id"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_course_staff_course_id_courses", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_course_staff_user_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["auth.users.id"], name="fk_course_staff_added_by_users", ondelete="SET NULL"
        ),
        schema="learning",
        comment="Who helps to teach a course, and what they may do there.",
    )
    op.create_index("ix_course_staff_user_id", "course_staff", ["user_id"], schema="learning")
    op.create_index("ix_course_staff_added_by", "course_staff", ["added_by"], schema="learning")
    for statement in roles.grants_on_table(roles.LEARNING.name, "learning.course_staff"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("course_staff", schema="learning")
