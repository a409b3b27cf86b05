"""Schema `auth`: public pages, changes of address that can be undone, downloads of one's data, deletion with a time of grace.

Schema `learning` publishes what a public page shows of somebody's learning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)

NEW_HANDLE = """('learner-'::text || "left"(replace((gen_random_uuid())::text, '-'::text, ''::text), 12))"""
PUBLIC_PROGRESS = """
CREATE VIEW learning.public_progress AS
SELECT e.user_id, l.slug AS language_slug, l.name AS language_name, e.progress_percent, e.completed_at
FROM learning.enrollments e
JOIN learning.courses c ON c.id = e.course_id AND c.kind = 'PATH' AND c.status = 'PUBLISHED' AND c.deleted_at IS NULL
JOIN learning.programming_languages l ON l.id = c.language_id AND l.is_active AND l.deleted_at IS NULL
WHERE e.status IN ('ACTIVE', 'PAUSED', 'COMPLETED')
"""
PUBLIC_ACTIVITY = """
CREATE VIEW learning.public_activity AS
SELECT user_id, assignment_id AS subject_id, submitted_at AS occurred_at, status = 'PASSED' AS solved
FROM learning.submissions
WHERE purpose = 'SUBMIT' AND deleted_at IS NULL AND assignment_id IS NOT NULL
UNION ALL
SELECT user_id, material_id, completed_at, false FROM learning.material_progress WHERE completed
UNION ALL
SELECT user_id, quiz_id, completed_at, false FROM learning.quiz_attempts WHERE completed_at IS NOT NULL
"""
COMMENTS = {
    "public_progress": "How far each learner is in the published languages they take.",
    "public_activity": "What each learner has handed in or finished, and when.",
}

# Rows of the audit trail stay as they are, for the service's role too; of somebody who is gone, they forget whence.
FORGET_IN_AUDIT = """
CREATE FUNCTION auth.forget_in_audit(forgotten uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE auth.audit_entries SET ip_address = NULL, user_agent = NULL, details = details - 'address'
    WHERE (actor_user_id = forgotten OR subject_type = 'user' AND subject_id = forgotten AND actor_user_id IS NULL)
      AND EXISTS (SELECT FROM auth.users WHERE id = forgotten AND deleted_at IS NOT NULL)
$$
"""
# Results that were replaced, and grades given by hand, stay as they are too; what they quote of somebody who is gone goes.
FORGET_IN_HISTORY = """
CREATE FUNCTION learning.forget_in_history(forgotten uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE learning.former_gradings f SET feedback = NULL, compile_output = NULL, tests = (
        SELECT coalesce(jsonb_agg(t - '{stdout,stderr,message}'::text[]), '[]') FROM jsonb_array_elements(f.tests) t
    )
    FROM learning.submissions s, auth.users u
    WHERE s.id = f.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL;
    UPDATE learning.regrade_results r SET tests = (
        SELECT coalesce(jsonb_agg(t - '{stdout,stderr,message}'::text[]), '[]') FROM jsonb_array_elements(r.tests) t
    )
    FROM learning.submissions s, auth.users u
    WHERE s.id = r.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL;
    UPDATE learning.gradings g SET feedback = NULL
    FROM learning.submissions s, auth.users u
    WHERE s.id = g.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL
$$
"""


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "deletion_requested_at",
            TIMESTAMP,
            comment="Since when the owner wants the account deleted; after a time of grace it is.",
        ),
        schema="auth",
    )
    op.create_index(
        "ix_users_deletion_requested_at",
        "users",
        ["deletion_requested_at"],
        schema="auth",
        postgresql_where=sa.text("deletion_requested_at IS NOT NULL AND deleted_at IS NULL"),
    )
    _profiles()
    _email_changes()
    _exports()
    for statement in (
        PUBLIC_PROGRESS,
        PUBLIC_ACTIVITY,
        *(f"COMMENT ON VIEW learning.{view} IS '{comment}'" for view, comment in COMMENTS.items()),
        FORGET_IN_AUDIT,
        "REVOKE EXECUTE ON FUNCTION auth.forget_in_audit(uuid) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION auth.forget_in_audit(uuid) TO codezest_auth",
        FORGET_IN_HISTORY,
        "REVOKE EXECUTE ON FUNCTION learning.forget_in_history(uuid) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION learning.forget_in_history(uuid) TO codezest_learning",
        *roles.grants_on_table("codezest_auth", "auth.data_exports"),
        *roles.grants_on_table("codezest_auth", "auth.data_export_parts"),
        *roles.grants_on_table("codezest_learning", "learning.public_progress"),
        *roles.grants_on_table("codezest_learning", "learning.public_activity"),
        *roles.grants_on_view("codezest_auth", "learning.public_progress"),
        *roles.grants_on_view("codezest_auth", "learning.public_activity"),
    ):
        op.execute(statement)


def _profiles() -> None:
    for column in (
        sa.Column(
            "handle",
            postgresql.CITEXT(),
            server_default=sa.text(NEW_HANDLE),
            nullable=False,
            comment="Name of the public page, without regard to case.",
        ),
        sa.Column("visibility", sa.String(32), server_default="PRIVATE", nullable=False),
        sa.Column(
            "shows_progress",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="On the public page: languages, solved.",
        ),
        sa.Column(
            "shows_streak",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="On the public page: days in a row.",
        ),
    ):
        op.add_column("user_profiles", column, schema="auth")
    op.create_unique_constraint("uq_user_profiles_handle", "user_profiles", ["handle"], schema="auth")
    for name, condition in (
        ("profile_visibility", "visibility IN ('PUBLIC', 'MEMBERS', 'PRIVATE')"),
        ("handle_shape", "handle ~ '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$'"),
        ("handle_length", "char_length(handle) BETWEEN 3 AND 30"),
    ):
        op.create_check_constraint(f"ck_user_profiles_{name}", "user_profiles", condition, schema="auth")
    op.alter_column(
        "user_profiles", "avatar", comment="Name of the uploaded picture among the stored files.", schema="auth"
    )


def _email_changes() -> None:
    for column in (
        sa.Column("old_email", postgresql.CITEXT(), comment="Set on use: what undoing brings back."),
        sa.Column(
            "undo_token_hash",
            sa.LargeBinary(),
            comment="SHA-256 of the token that the former address gets, 32 bytes.",
        ),
        sa.Column("undo_expires_at", TIMESTAMP),
        sa.Column("undone_at", TIMESTAMP),
    ):
        op.add_column("email_changes", column, schema="auth")
    op.create_unique_constraint("uq_email_changes_undo_token_hash", "email_changes", ["undo_token_hash"], schema="auth")
    for name, condition in (
        ("undo_token_hash_is_sha256", "octet_length(undo_token_hash) = 32"),
        ("undo_is_complete", "undo_token_hash IS NULL OR num_nonnulls(old_email, undo_expires_at, used_at) = 3"),
    ):
        op.create_check_constraint(f"ck_email_changes_{name}", "email_changes", condition, schema="auth")


def _exports() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), server_default="PENDING", nullable=False),
        sa.Column("file_key", sa.Text(), comment="Storage key of the archive; null before and after its time."),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("ready_at", TIMESTAMP),
        sa.Column("expires_at", TIMESTAMP, comment="When the archive is deleted."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "status IN ('PENDING', 'READY', 'EXPIRED', 'FAILED')", name="ck_data_exports_data_export_status"
        ),
        sa.CheckConstraint(
            "status <> 'READY' OR num_nonnulls(file_key, size_bytes, ready_at, expires_at) = 4",
            name="ck_data_exports_ready_is_complete",
        ),
        sa.CheckConstraint("size_bytes >= 0", name="ck_data_exports_size_bytes_range"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_data_exports_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_data_exports"),
        schema="auth",
        comment="Downloads of all that is held of a user.",
    )
    op.create_index("ix_data_exports_user_id", "data_exports", ["user_id"], schema="auth")
    op.create_index(
        "uq_data_exports_pending",
        "data_exports",
        ["user_id"],
        unique=True,
        schema="auth",
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    op.create_table(
        "data_export_parts",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False, comment="Which service wrote it."),
        sa.Column("file_key", sa.Text(), nullable=False, comment="Storage key of the part."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["auth.data_exports.id"],
            name="fk_data_export_parts_export_id_data_exports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("export_id", "service", name="pk_data_export_parts"),
        schema="auth",
        comment="What each service has written for a download.",
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION learning.forget_in_history(uuid)")
    op.execute("DROP FUNCTION auth.forget_in_audit(uuid)")
    op.execute("DROP VIEW learning.public_activity")
    op.execute("DROP VIEW learning.public_progress")
    op.execute("REVOKE USAGE ON SCHEMA learning FROM codezest_auth")
    op.drop_table("data_export_parts", schema="auth")
    op.drop_table("data_exports", schema="auth")
    for column in ("undone_at", "undo_expires_at", "undo_token_hash", "old_email"):
        op.drop_column("email_changes", column, schema="auth")
    op.alter_column("user_profiles", "avatar", comment="Storage key of an uploaded picture.", schema="auth")
    for column in ("shows_streak", "shows_progress", "visibility", "handle"):
        op.drop_column("user_profiles", column, schema="auth")
    op.drop_index("ix_users_deletion_requested_at", "users", schema="auth")
    op.drop_column("users", "deletion_requested_at", schema="auth")
