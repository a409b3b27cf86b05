"""Schema `auth`: users, their credentials, sessions and audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column(
            "email",
            postgresql.CITEXT(),
            nullable=False,
            comment="Compared without regard to case; unique among live users.",
        ),
        sa.Column("email_verified_at", TIMESTAMP),
        sa.Column("password_hash", sa.Text(), comment="Argon2id; null for accounts without a password."),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False, comment="Empty for people with one name."),
        sa.Column("role", sa.String(32), server_default="STUDENT", nullable=False),
        sa.Column("avatar_url", sa.Text()),
        sa.Column("date_of_birth", sa.Date()),
        sa.Column(
            "locale", sa.Text(), server_default="en", nullable=False, comment="BCP 47 language tag of the interface."
        ),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False, comment="IANA name."),
        sa.Column("suspended_at", TIMESTAMP, comment="Set while an administrator bars the account."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("date_of_birth >= DATE '1900-01-01'", name="ck_users_date_of_birth_plausible"),
        sa.CheckConstraint("email LIKE '%_@_%' AND char_length(email) <= 320", name="ck_users_email_shape"),
        sa.CheckConstraint("first_name <> ''", name="ck_users_first_name_given"),
        sa.CheckConstraint("role IN ('ADMIN', 'INSTRUCTOR', 'STUDENT')", name="ck_users_role"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        schema="auth",
        comment="People who may sign in.",
    )
    op.create_index(
        "uq_users_email", "users", ["email"], unique=True, schema="auth", postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token, 32 bytes."),
        sa.Column(
            "prefix", sa.Text(), nullable=False, comment="First characters of the token, by which its owner knows it."
        ),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("expires_at", TIMESTAMP),
        sa.Column("last_used_at", TIMESTAMP),
        sa.Column("revoked_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name="ck_api_tokens_expires_after_creation"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_api_tokens_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_api_tokens_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        schema="auth",
        comment="Long-lived tokens for programs.",
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"], schema="auth")
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), comment="Null when the program itself acted."),
        sa.Column("action", sa.Text(), nullable=False, comment="Stable name, such as user.suspended."),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("ip_address", postgresql.INET()),
        sa.Column("user_agent", sa.Text()),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("action <> ''", name="ck_audit_entries_action_given"),
        sa.CheckConstraint("jsonb_typeof(details) = 'object'", name="ck_audit_entries_details_is_object"),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["auth.users.id"], name="fk_audit_entries_actor_user_id_users", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        schema="auth",
        comment="Acts that must stay traceable; rows are never changed.",
    )
    op.create_index(
        "ix_audit_entries_actor_user_id_created_at", "audit_entries", ["actor_user_id", "created_at"], schema="auth"
    )
    op.create_index(
        "ix_audit_entries_subject_type_subject_id_created_at",
        "audit_entries",
        ["subject_type", "subject_id", "created_at"],
        schema="auth",
    )
    op.create_table(
        "email_changes",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token, 32 bytes."),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("used_at", TIMESTAMP),
        sa.Column("new_email", postgresql.CITEXT(), nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "new_email LIKE '%_@_%' AND char_length(new_email) <= 320", name="ck_email_changes_new_email_shape"
        ),
        sa.CheckConstraint("expires_at > created_at", name="ck_email_changes_expires_after_creation"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_email_changes_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_email_changes_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_email_changes"),
        sa.UniqueConstraint("token_hash", name="uq_email_changes_token_hash"),
        schema="auth",
        comment="Requests to move an account to another address.",
    )
    op.create_index("ix_email_changes_user_id", "email_changes", ["user_id"], schema="auth")
    op.create_table(
        "email_verifications",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token, 32 bytes."),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("used_at", TIMESTAMP),
        sa.Column(
            "pending_password_hash",
            sa.Text(),
            comment="What whoever asked for this mail chose; becomes the account's on use. An address may be registered by a stranger first: only the choice whose mail is answered counts.",
        ),
        sa.Column("pending_first_name", sa.Text()),
        sa.Column("pending_last_name", sa.Text()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name="ck_email_verifications_expires_after_creation"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_email_verifications_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_email_verifications_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_email_verifications"),
        sa.UniqueConstraint("token_hash", name="uq_email_verifications_token_hash"),
        schema="auth",
        comment="Registration mails awaiting an answer.",
    )
    op.create_index("ix_email_verifications_user_id", "email_verifications", ["user_id"], schema="auth")
    op.create_table(
        "instructors",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bio", sa.Text()),
        sa.Column("expertise", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_instructors_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_instructors"),
        sa.UniqueConstraint("user_id", name="uq_instructors_user_id"),
        schema="auth",
        comment="How a teaching user is introduced.",
    )
    op.create_table(
        "login_events",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), comment="Null when no account has the address."),
        sa.Column("email", postgresql.CITEXT(), nullable=False, comment="As typed."),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("ip_address", postgresql.INET()),
        sa.Column("user_agent", sa.Text()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_login_events_user_id_users", ondelete="SET NULL"
        ),
        sa.CheckConstraint(
            "outcome IN ('SUCCEEDED', 'WRONG_CREDENTIALS', 'UNVERIFIED', 'LOCKED_OUT', 'SUSPENDED')",
            name="ck_login_events_login_outcome",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_login_events"),
        schema="auth",
        comment="Every attempt to sign in; lock-out counts these rows.",
    )
    op.create_index("ix_login_events_email_created_at", "login_events", ["email", "created_at"], schema="auth")
    op.create_index(
        "ix_login_events_ip_address_created_at", "login_events", ["ip_address", "created_at"], schema="auth"
    )
    op.create_index("ix_login_events_user_id", "login_events", ["user_id"], schema="auth")
    op.create_table(
        "oauth_accounts",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "provider", sa.Text(), nullable=False, comment="Key of the configured provider, such as GOOGLE or GITHUB."
        ),
        sa.Column(
            "provider_account_id",
            sa.Text(),
            nullable=False,
            comment="The provider's own, unchanging id of the account.",
        ),
        sa.Column("access_token_encrypted", sa.LargeBinary()),
        sa.Column("refresh_token_encrypted", sa.LargeBinary()),
        sa.Column("id_token_encrypted", sa.LargeBinary()),
        sa.Column("access_token_expires_at", TIMESTAMP),
        sa.Column("refresh_token_expires_at", TIMESTAMP),
        sa.Column("scope", sa.Text(), comment="Granted scopes, space separated."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("provider ~ '^[A-Z][A-Z0-9_]*$'", name="ck_oauth_accounts_provider_is_key"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_oauth_accounts_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_accounts"),
        sa.UniqueConstraint("provider", "provider_account_id", name="uq_oauth_accounts_provider_provider_account_id"),
        schema="auth",
        comment="Accounts elsewhere through which a user signs in.",
    )
    op.create_index("ix_oauth_accounts_user_id", "oauth_accounts", ["user_id"], schema="auth")
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token, 32 bytes."),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("used_at", TIMESTAMP),
        sa.Column("ip_address", postgresql.INET(), comment="Where the request came from."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name="ck_password_resets_expires_after_creation"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_password_resets_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_password_resets_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_password_resets"),
        sa.UniqueConstraint("token_hash", name="uq_password_resets_token_hash"),
        schema="auth",
        comment="Requests to choose a new password.",
    )
    op.create_index("ix_password_resets_user_id", "password_resets", ["user_id"], schema="auth")
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the code, 32 bytes."),
        sa.Column("used_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("octet_length(code_hash) = 32", name="ck_recovery_codes_code_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_recovery_codes_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("user_id", "code_hash", name="uq_recovery_codes_user_id_code_hash"),
        schema="auth",
        comment="Single-use codes for a lost second factor.",
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"], schema="auth")
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token, 32 bytes."),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("last_seen_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("ip_address", postgresql.INET()),
        sa.Column("user_agent", sa.Text()),
        sa.Column("revoked_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name="ck_sessions_expires_after_creation"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_sessions_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        schema="auth",
        comment="Signed-in browsers and programs.",
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], schema="auth")
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], schema="auth")
    op.create_table(
        "totp_secrets",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", TIMESTAMP, comment="Set once the user has typed a correct code."),
        sa.Column("last_used_step", sa.BigInteger(), comment="Time step last accepted; no code works twice."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_totp_secrets_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_totp_secrets"),
        sa.UniqueConstraint("user_id", name="uq_totp_secrets_user_id"),
        schema="auth",
        comment="Secrets of authenticator apps.",
    )
    op.create_table(
        "user_profiles",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bio", sa.Text()),
        sa.Column("avatar", sa.Text(), comment="Storage key of an uploaded picture."),
        sa.Column("location", sa.Text()),
        sa.Column("website", sa.Text()),
        sa.Column("github_url", sa.Text()),
        sa.Column("linkedin_url", sa.Text()),
        sa.Column("twitter_url", sa.Text()),
        sa.Column(
            "preferences",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Settings of the interface, such as the theme.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("jsonb_typeof(preferences) = 'object'", name="ck_user_profiles_preferences_is_object"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_user_profiles_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_profiles"),
        sa.UniqueConstraint("user_id", name="uq_user_profiles_user_id"),
        schema="auth",
        comment="What a user tells others about themselves.",
    )
    op.create_table(
        "webauthn_credentials",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="COSE key."),
        sa.Column(
            "sign_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="A fall means a cloned authenticator.",
        ),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("aaguid", sa.Uuid(), comment="Model of the authenticator."),
        sa.Column("name", sa.Text(), nullable=False, comment="What the user calls it."),
        sa.Column("backup_eligible", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("backed_up", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("last_used_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("sign_count >= 0", name="ck_webauthn_credentials_sign_count_range"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_webauthn_credentials_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webauthn_credentials"),
        sa.UniqueConstraint("credential_id", name="uq_webauthn_credentials_credential_id"),
        schema="auth",
        comment="Passkeys and security keys.",
    )
    op.create_index("ix_webauthn_credentials_user_id", "webauthn_credentials", ["user_id"], schema="auth")

    op.execute(
        """
        CREATE VIEW auth.public_users AS
        SELECT id,
               CASE WHEN deleted_at IS NULL THEN btrim(first_name || ' ' || last_name) END AS display_name,
               CASE WHEN deleted_at IS NULL THEN avatar_url END AS avatar_url,
               role
        FROM auth.users
        """
    )
    op.execute(
        "COMMENT ON VIEW auth.public_users IS 'What every service may know of a user, deleted accounts included.'"
    )
    for statement in (
        *roles.grants_on_schema("codezest_auth", "auth"),
        *roles.make_append_only("codezest_auth", "auth.audit_entries"),
        *roles.grants_on_view("codezest_learning", "auth.public_users"),
        *roles.grants_on_view("codezest_ops", "auth.public_users"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW auth.public_users")
    op.drop_table("webauthn_credentials", schema="auth")
    op.drop_table("user_profiles", schema="auth")
    op.drop_table("totp_secrets", schema="auth")
    op.drop_table("sessions", schema="auth")
    op.drop_table("recovery_codes", schema="auth")
    op.drop_table("password_resets", schema="auth")
    op.drop_table("oauth_accounts", schema="auth")
    op.drop_table("login_events", schema="auth")
    op.drop_table("instructors", schema="auth")
    op.drop_table("email_verifications", schema="auth")
    op.drop_table("email_changes", schema="auth")
    op.drop_table("audit_entries", schema="auth")
    op.drop_table("api_tokens", schema="auth")
    op.drop_table("users", schema="auth")
