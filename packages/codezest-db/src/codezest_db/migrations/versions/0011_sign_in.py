"""Schema `auth`: proofs half given, recent proof of a session, and outcomes of a second step."""

import sqlalchemy as sa
from alembic import op

from codezest_db import roles

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
OUTCOMES_BEFORE = "outcome IN ('SUCCEEDED', 'WRONG_CREDENTIALS', 'UNVERIFIED', 'LOCKED_OUT', 'SUSPENDED')"
OUTCOMES = (
    "outcome IN ('SUCCEEDED', 'WRONG_CREDENTIALS', 'UNVERIFIED', 'LOCKED_OUT', 'SUSPENDED', 'CODE_DUE', 'WRONG_CODE')"
)


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column(
            "proved_at",
            TIMESTAMP,
            comment="When its holder last proved who they are; changing the ways to sign in needs recent proof.",
        ),
        schema="auth",
    )
    _swap_outcomes(OUTCOMES)
    op.create_table(
        "ceremonies",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column(
            "token_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the secret of the browser or program.",
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Uuid(), comment="Null while nobody has said who they are."),
        sa.Column("session_id", sa.Uuid(), comment="The session it was begun in."),
        sa.Column("provider", sa.Text(), comment="Key of the identity provider asked."),
        sa.Column("challenge", sa.LargeBinary(), comment="Random bytes that the answer must contain."),
        sa.Column("next_path", sa.Text(), comment="Where on this site to go on to."),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Codes tried."),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "kind IN ('SECOND_STEP', 'PASSKEY_REGISTRATION', 'PASSKEY_SIGN_IN', 'PASSKEY_PROOF', "
            "'IDENTITY_SIGN_IN', 'IDENTITY_LINK')",
            name="ck_ceremonies_ceremony_kind",
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_ceremonies_token_hash_is_sha256"),
        sa.CheckConstraint("expires_at > created_at", name="ck_ceremonies_expires_after_creation"),
        sa.CheckConstraint("attempts >= 0", name="ck_ceremonies_attempts_range"),
        sa.CheckConstraint(
            "(kind LIKE 'IDENTITY_%') = (provider IS NOT NULL)", name="ck_ceremonies_provider_of_identity"
        ),
        sa.CheckConstraint("kind = 'SECOND_STEP' OR challenge IS NOT NULL", name="ck_ceremonies_challenge_given"),
        sa.CheckConstraint(
            "kind NOT IN ('SECOND_STEP', 'PASSKEY_REGISTRATION', 'PASSKEY_PROOF', 'IDENTITY_LINK') "
            "OR user_id IS NOT NULL",
            name="ck_ceremonies_user_known",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_ceremonies_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["auth.sessions.id"], name="fk_ceremonies_session_id_sessions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ceremonies"),
        sa.UniqueConstraint("token_hash", name="uq_ceremonies_token_hash"),
        schema="auth",
        comment="Proofs half given: a row goes when it is used or has expired.",
    )
    for column in ("user_id", "session_id", "expires_at"):
        op.create_index(f"ix_ceremonies_{column}", "ceremonies", [column], schema="auth")
    for statement in roles.grants_on_table("codezest_auth", "auth.ceremonies"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("ceremonies", schema="auth")
    op.execute("DELETE FROM auth.login_events WHERE outcome IN ('CODE_DUE', 'WRONG_CODE')")
    _swap_outcomes(OUTCOMES_BEFORE)
    op.drop_column("sessions", "proved_at", schema="auth")


def _swap_outcomes(condition: str) -> None:
    op.drop_constraint("ck_login_events_login_outcome", "login_events", schema="auth")
    op.create_check_constraint("ck_login_events_login_outcome", "login_events", condition, schema="auth")
