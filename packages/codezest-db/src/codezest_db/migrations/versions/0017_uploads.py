"""Schema `learning`: files of courses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
CHECKS = {
    "upload_kind": "kind IN ('PICTURE', 'VIDEO', 'CAPTIONS', 'DOCUMENT', 'ATTACHMENT')",
    "name_given": "name <> ''",
    "size_bytes_range": "size_bytes >= 0",
    "sha256_length": "octet_length(sha256) = 32",
    "picture_is_measured": "(kind = 'PICTURE') = (width IS NOT NULL)",
    "measures_range": "num_nonnulls(width, height) <> 1 AND width > 0 AND height > 0",
    "pages_range": "pages > 0",
    "only_documents_are_read": "kind = 'DOCUMENT' OR num_nonnulls(pages, html) = 0",
}


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("parent_id", sa.Uuid(), comment="The document a picture stands in."),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="As it is saved; its ending follows from its content."),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False, comment="What it takes in the store."),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="Of what was sent."),
        sa.Column("width", sa.Integer(), comment="Of a picture, in pixels."),
        sa.Column("height", sa.Integer()),
        sa.Column("pages", sa.Integer(), comment="Of a PDF."),
        sa.Column(
            "page_texts",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="What its first pages say, one text a page.",
        ),
        sa.Column("html", sa.Text(), comment="A DOCX as markup, sanitised."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        *(sa.CheckConstraint(condition, name=f"ck_uploads_{name}") for name, condition in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_uploads_course_id_courses", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_uploads_user_id_users", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["learning.uploads.id"], name="fk_uploads_parent_id_uploads", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        schema="learning",
        comment="Files of courses; each lies in the store under its id.",
    )
    for column in ("course_id", "user_id", "parent_id"):
        op.create_index(f"ix_uploads_{column}", "uploads", [column], schema="learning")
    op.create_index(
        "ix_uploads_course_id_listed",
        "uploads",
        ["course_id", "id"],
        schema="learning",
        postgresql_where=sa.text("parent_id IS NULL"),
    )
    for statement in roles.grants_on_table(roles.LEARNING.name, "learning.uploads"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("uploads", schema="learning")
