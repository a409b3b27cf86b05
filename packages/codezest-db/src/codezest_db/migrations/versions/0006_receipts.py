"""Schema `learning`: receipts of submissions with the keys that sign them, and each submission's turn in the queue."""

import sqlalchemy as sa
from alembic import op

from codezest_db import roles

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "receipt_keys",
        sa.Column("id", sa.Text(), nullable=False, comment="The first 16 hexadecimal digits of the key's SHA-256."),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="Ed25519, as it is."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{16}$'", name="ck_receipt_keys_id_shape"),
        sa.CheckConstraint("octet_length(public_key) = 32", name="ck_receipt_keys_public_key_is_ed25519"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_keys"),
        schema="learning",
        comment="Every key that ever signed receipts, so that old ones can be verified; rows stay.",
    )
    op.create_table(
        "submission_receipts",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="From 1, without a gap: the learner's receipts are a chain.",
        ),
        sa.Column(
            "document",
            sa.Text(),
            nullable=False,
            comment="The signed text: canonical JSON, naming the receipt before it.",
        ),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="Of the document, which the next receipt names; 64 hexadecimal digits.",
        ),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False, comment="Ed25519, of the document."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("sequence > 0", name="ck_submission_receipts_sequence_range"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_submission_receipts_sha256_shape"),
        sa.CheckConstraint("octet_length(signature) = 64", name="ck_submission_receipts_signature_is_ed25519"),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["learning.receipt_keys.id"],
            name="fk_submission_receipts_key_id_receipt_keys",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_submission_receipts_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_submission_receipts_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_receipts"),
        sa.UniqueConstraint("submission_id", name="uq_submission_receipts_submission_id"),
        sa.UniqueConstraint("user_id", "sequence", name="uq_submission_receipts_user_id_sequence"),
        schema="learning",
        comment="What each learner was answered on handing something in; rows are never changed.",
    )
    op.create_index("ix_submission_receipts_key_id", "submission_receipts", ["key_id"], schema="learning")
    op.add_column(
        "submissions",
        sa.Column(
            "turn",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="The round of the queue it belongs to, in which each learner has one; lower goes first.",
        ),
        schema="learning",
    )
    op.create_check_constraint("ck_submissions_turn_range", "submissions", "turn >= 0", schema="learning")
    op.create_index("ix_submissions_turn", "submissions", ["turn"], schema="learning")
    op.create_index("ix_submissions_user_id_turn", "submissions", ["user_id", "turn"], schema="learning")
    op.create_index(
        "ix_submissions_queue",
        "submissions",
        ["turn", "id"],
        schema="learning",
        postgresql_where=sa.text("status IN ('PENDING', 'RUNNING') AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_submissions_durations",
        "submissions",
        ["language", "graded_at"],
        schema="learning",
        postgresql_where=sa.text("started_at IS NOT NULL AND graded_at IS NOT NULL"),
    )
    for statement in (
        *roles.grants_on_table("codezest_learning", "learning.receipt_keys"),
        *roles.grants_on_table("codezest_learning", "learning.submission_receipts"),
        *roles.make_append_only("codezest_learning", "learning.receipt_keys"),
        *roles.make_append_only("codezest_learning", "learning.submission_receipts"),
    ):
        op.execute(statement)


def downgrade() -> None:
    for name in ("durations", "queue", "user_id_turn", "turn"):
        op.drop_index(f"ix_submissions_{name}", "submissions", schema="learning")
    op.drop_constraint("ck_submissions_turn_range", "submissions", schema="learning")
    op.drop_column("submissions", "turn", schema="learning")
    op.drop_table("submission_receipts", schema="learning")
    op.drop_table("receipt_keys", schema="learning")
