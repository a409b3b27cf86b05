"""Schemas `auth` and `learning`: what administrators look after the platform with; and the role that browses tables.

Accounts get what they are searched and listed by, suspensions their reason, the audit trail the orders in which it is read.
Settings of features are rows. What was deleted from the courses is kept in one list by triggers.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from codezest_db import roles
from codezest_db.errors import MissingPrivilegeError

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSUFFICIENT_PRIVILEGE = "42501"
UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)

SOUGHT = "lower((((((email)::text || ' '::text) || first_name) || ' '::text) || last_name))"
FEATURES = "CREATE VIEW auth.features AS SELECT key, value FROM auth.feature_settings"
FEATURES_COMMENT = "What administrators have set; a key without a row has its default."
DELETABLE = {
    "programming_languages": ("LANGUAGE", "name", ""),
    "courses": ("COURSE", "title", ""),
    "modules": ("MODULE", "title", "course_id"),
    "materials": ("MATERIAL", "title", "module_id"),
    "assignments": ("ASSIGNMENT", "title", "module_id"),
    "quizzes": ("QUIZ", "title", "module_id"),
}
"""By table: what it holds, the column of its title, the column of what it stands in."""
KEEP_DELETED = """
CREATE FUNCTION learning.keep_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    IF TG_OP = 'DELETE' OR found ->> 'deleted_at' IS NULL THEN
        DELETE FROM learning.deleted_content WHERE content_id = (found ->> 'id')::uuid;
    -- A language's path is deleted and comes back with the language.
    ELSIF found ->> 'kind' IS DISTINCT FROM 'PATH' THEN
        INSERT INTO learning.deleted_content (content_id, kind, title, parent_id, deleted_at)
        VALUES ((found ->> 'id')::uuid, TG_ARGV[0], found ->> TG_ARGV[1], (found ->> TG_ARGV[2])::uuid,
                (found ->> 'deleted_at')::timestamptz)
        ON CONFLICT (content_id) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    _accounts()
    _audit()
    _features()
    _deleted_content()
    op.create_index(
        "ix_enrollments_pending",
        "enrollments",
        ["id"],
        schema="learning",
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    _browser()


def _browser() -> None:
    try:
        op.execute(roles.create(roles.BROWSER))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise MissingPrivilegeError(
            f"This user may neither create the role {roles.BROWSER} nor switch to it. Let a superuser run: "
            f"CREATE ROLE {roles.BROWSER} NOLOGIN; GRANT {roles.BROWSER} TO the migrating user WITH ADMIN OPTION"
        ) from error
    op.execute(roles.grants_to_browser())


def _accounts() -> None:
    op.add_column(
        "users",
        sa.Column("suspension_reason", sa.Text(), comment="What the account's owner is told when they log in."),
        schema="auth",
    )
    op.create_check_constraint(
        "ck_users_suspension_reason_of_suspended",
        "users",
        "suspension_reason IS NULL OR suspended_at IS NOT NULL",
        schema="auth",
    )
    op.add_column(
        "users",
        sa.Column(
            "sought",
            sa.Text(),
            sa.Computed(SOUGHT, persisted=True),
            comment="Address and names in lower case, which administrators search.",
        ),
        schema="auth",
    )
    trigram = op.get_bind().scalar(
        sa.text(
            "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'pg_trgm'"
        )
    )
    op.execute(
        f"CREATE INDEX ix_users_sought ON auth.users USING gin (sought {trigram}.gin_trgm_ops) WHERE deleted_at IS NULL"
    )
    for name, columns, condition in (
        ("role_id", ["role", "id"], "deleted_at IS NULL"),
        ("suspended", ["id"], "suspended_at IS NOT NULL AND deleted_at IS NULL"),
        ("unverified", ["id"], "email_verified_at IS NULL AND deleted_at IS NULL"),
    ):
        op.create_index(f"ix_users_{name}", "users", columns, schema="auth", postgresql_where=sa.text(condition))
    op.create_index(
        "ix_data_exports_failed", "data_exports", ["id"], schema="auth", postgresql_where=sa.text("status = 'FAILED'")
    )


def _audit() -> None:
    op.create_index("ix_audit_entries_actor_user_id_id", "audit_entries", ["actor_user_id", "id"], schema="auth")
    op.create_index("ix_audit_entries_action_id", "audit_entries", ["action", "id"], schema="auth")
    op.create_index(
        "ix_audit_entries_acts",
        "audit_entries",
        ["id"],
        schema="auth",
        postgresql_where=sa.text("action <> 'mail.requested'"),
    )


def _features() -> None:
    op.create_table(
        "feature_settings",
        sa.Column("key", sa.Text(), nullable=False, comment="Name of the setting in the program's registry."),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Goes up with each change: of two at once, the second is refused.",
        ),
        sa.Column("updated_by", sa.Uuid()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("revision > 0", name="ck_feature_settings_revision_range"),
        sa.PrimaryKeyConstraint("key", name="pk_feature_settings"),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["auth.users.id"], name="fk_feature_settings_updated_by_users", ondelete="SET NULL"
        ),
        schema="auth",
        comment="What administrators have set about the platform; a setting without a row has its default.",
    )
    op.create_index("ix_feature_settings_updated_by", "feature_settings", ["updated_by"], schema="auth")
    for statement in (
        FEATURES,
        f"COMMENT ON VIEW auth.features IS '{FEATURES_COMMENT}'",
        *roles.grants_on_table("codezest_auth", "auth.feature_settings"),
        *roles.grants_on_table("codezest_auth", "auth.features"),
        *roles.grants_on_view("codezest_learning", "auth.features"),
        *roles.grants_on_view("codezest_ops", "auth.features"),
    ):
        op.execute(statement)


def _deleted_content() -> None:
    op.create_table(
        "deleted_content",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False, comment="Of the row that is marked as deleted."),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), comment="The course of a module, the module of an item."),
        sa.Column("deleted_by", sa.Uuid(), comment="Null when the program itself did, or nobody noted who."),
        sa.Column("deleted_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "kind IN ('LANGUAGE', 'COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ')",
            name="ck_deleted_content_kind",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deleted_content"),
        sa.UniqueConstraint("content_id", name="uq_deleted_content_content_id"),
        sa.ForeignKeyConstraint(
            ["deleted_by"], ["auth.users.id"], name="fk_deleted_content_deleted_by_users", ondelete="SET NULL"
        ),
        schema="learning",
        comment="What was deleted and can be restored; triggers of the tables it stands for keep it.",
    )
    op.create_index("ix_deleted_content_deleted_by", "deleted_content", ["deleted_by"], schema="learning")
    op.create_index("ix_deleted_content_kind_id", "deleted_content", ["kind", "id"], schema="learning")
    for statement in roles.grants_on_table("codezest_learning", "learning.deleted_content"):
        op.execute(statement)
    op.execute(KEEP_DELETED)
    for table, (kind, title, parent) in DELETABLE.items():
        path = "AND kind <> 'PATH'" if table == "courses" else ""
        op.execute(
            "INSERT INTO learning.deleted_content (content_id, kind, title, parent_id, deleted_at) "  # noqa: S608 - constants
            f"SELECT id, '{kind}', {title}, {parent or 'NULL'}, deleted_at "
            f"FROM learning.{table} WHERE deleted_at IS NOT NULL {path} ORDER BY deleted_at"
        )
        op.execute(
            f"CREATE TRIGGER keep_deleted AFTER DELETE OR UPDATE OF deleted_at ON learning.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION learning.keep_deleted('{kind}', '{title}', '{parent}')"
        )


def downgrade() -> None:
    for statement in roles.revokes_from_browser():
        op.execute(statement)
    op.execute(roles.drop_if_unused(roles.BROWSER))
    op.drop_index("ix_enrollments_pending", "enrollments", schema="learning")
    for table in DELETABLE:
        op.execute(f"DROP TRIGGER keep_deleted ON learning.{table}")
    op.execute("DROP FUNCTION learning.keep_deleted()")
    op.drop_table("deleted_content", schema="learning")
    op.execute("DROP VIEW auth.features")
    op.drop_table("feature_settings", schema="auth")
    for name in ("acts", "action_id", "actor_user_id_id"):
        op.drop_index(f"ix_audit_entries_{name}", "audit_entries", schema="auth")
    op.drop_index("ix_data_exports_failed", "data_exports", schema="auth")
    for name in ("unverified", "suspended", "role_id", "sought"):
        op.drop_index(f"ix_users_{name}", "users", schema="auth")
    op.drop_constraint("ck_users_suspension_reason_of_suspended", "users", schema="auth")
    for column in ("sought", "suspension_reason"):
        op.drop_column("users", column, schema="auth")
