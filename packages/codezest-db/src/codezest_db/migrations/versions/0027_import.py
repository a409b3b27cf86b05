"""Schema `learning`: courses that come in as files, and what of files had no place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB()
CHECKS = {
    "import_status": "status IN ('PENDING', 'READY', 'REFUSED', 'APPLYING', 'APPLIED')",
    "name_given": "name <> ''",
    "size_bytes_range": "size_bytes > 0",
    "pick_ups_range": "pick_ups >= 0",
    "preview_is_object": "jsonb_typeof(preview) = 'object'",
    "problems_is_array": "jsonb_typeof(problems) = 'array'",
    "checked_has_preview": "status NOT IN ('READY', 'APPLYING', 'APPLIED') OR preview IS NOT NULL",
    "changes_its_course": "course_id IS NULL OR course_id = target_id",
}


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Who sent it, and applies it."),
        sa.Column("course_id", sa.Uuid(), comment="The course that it changes; null: it makes one."),
        sa.Column("target_id", sa.Uuid(), nullable=False, comment="The id of that course, also before it is made."),
        sa.Column("name", sa.Text(), nullable=False, comment="Of the ZIP, which lies in the store under the id."),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("by_owner", sa.Boolean(), nullable=False, comment="Whether the sender decides what it costs."),
        sa.Column("status", sa.String(32), server_default="PENDING", nullable=False),
        sa.Column("revision", sa.Text(), comment="Hash of the course as it was when the preview was made."),
        sa.Column("outdated", sa.Boolean(), server_default="false", nullable=False, comment="It was previewed anew."),
        sa.Column("preview", JSONB, comment="What it creates, changes and removes, with warnings and advice."),
        sa.Column(
            "problems",
            JSONB,
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Why it is refused: path, line, message.",
        ),
        sa.Column("pick_ups", sa.Integer(), server_default="0", nullable=False, comment="How often a worker began it."),
        sa.Column("created_at", TIMESTAMP, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=sa.text("now()"), nullable=False),
        *(sa.CheckConstraint(condition, name=f"ck_imports_{name}") for name, condition in CHECKS.items()),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_imports_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_imports_course_id_courses", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        schema="learning",
        comment="Courses sent in as files, looked at before they are taken over; kept for a day.",
    )
    op.create_index("ix_imports_user_id_id", "imports", ["user_id", "id"], schema="learning")
    op.create_index("ix_imports_course_id", "imports", ["course_id"], schema="learning")
    op.create_index("ix_imports_created_at", "imports", ["created_at"], schema="learning")
    for statement in roles.grants_on_table("codezest_learning", "learning.imports"):
        op.execute(statement)
    op.add_column(
        "uploads",
        sa.Column(
            "content_key", sa.Text(), comment="Of a file of the content folder: what a column such as file_key says."
        ),
        schema="learning",
    )
    op.create_index(
        "uq_uploads_course_id_content_key",
        "uploads",
        ["course_id", "content_key"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("content_key IS NOT NULL"),
    )
    op.add_column(
        "assignments",
        sa.Column(
            "wrong_programs",
            JSONB,
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Programs of typical misconceptions: file, files, verdict, fails, why. Never shown to learners.",
        ),
        schema="learning",
    )
    op.create_check_constraint(
        "ck_assignments_wrong_programs_is_array",
        "assignments",
        "jsonb_typeof(wrong_programs) = 'array'",
        schema="learning",
    )
    op.add_column(
        "materials",
        sa.Column("sample_output", sa.Text(), comment="What the program must print; content checks compare."),
        schema="learning",
    )
    op.execute(roles.grants_to_browser())


def downgrade() -> None:
    op.drop_column("materials", "sample_output", schema="learning")
    op.drop_column("assignments", "wrong_programs", schema="learning")
    op.drop_column("uploads", "content_key", schema="learning")
    op.drop_table("imports", schema="learning")
