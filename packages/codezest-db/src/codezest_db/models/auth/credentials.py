"""Ways to prove who one is besides a password. Secrets that must be read again are encrypted by the application."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, EMPTY_TEXTS, Base, Created, Identified, Timestamped
from codezest_db.enums import CeremonyKind
from codezest_db.models.auth.columns import SCHEMA, USER_ID, OwnedByUser, expiry_check, sha256_check


class OAuthAccount(Identified, OwnedByUser, Timestamped, Base):
    __tablename__ = "oauth_accounts"

    provider: Mapped[str] = mapped_column(comment="Key of the configured provider, such as GOOGLE or GITHUB.")
    provider_account_id: Mapped[str] = mapped_column(comment="The provider's own, unchanging id of the account.")
    access_token_encrypted: Mapped[bytes | None]
    refresh_token_encrypted: Mapped[bytes | None]
    id_token_encrypted: Mapped[bytes | None]
    access_token_expires_at: Mapped[datetime | None]
    refresh_token_expires_at: Mapped[datetime | None]
    scope: Mapped[str | None] = mapped_column(comment="Granted scopes, space separated.")

    __table_args__ = (
        UniqueConstraint("provider", "provider_account_id"),
        CheckConstraint("provider ~ '^[A-Z][A-Z0-9_]*$'", name="provider_is_key"),
        {"schema": SCHEMA, "comment": "Accounts elsewhere through which a user signs in."},
    )


class WebAuthnCredential(Identified, OwnedByUser, Created, Base):
    __tablename__ = "webauthn_credentials"

    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes] = mapped_column(comment="COSE key.")
    sign_count: Mapped[int] = mapped_column(BIGINT, server_default="0", comment="A fall means a cloned authenticator.")
    transports: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    aaguid: Mapped[UUID | None] = mapped_column(comment="Model of the authenticator.")
    name: Mapped[str] = mapped_column(comment="What the user calls it.")
    backup_eligible: Mapped[bool] = mapped_column(server_default="false")
    backed_up: Mapped[bool] = mapped_column(server_default="false")
    last_used_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count_range"),
        {"schema": SCHEMA, "comment": "Passkeys and security keys."},
    )


class TotpSecret(Identified, Created, Base):
    __tablename__ = "totp_secrets"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), unique=True)
    secret_encrypted: Mapped[bytes]
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="Set once the user has typed a correct code.")
    last_used_step: Mapped[int | None] = mapped_column(BIGINT, comment="Time step last accepted; no code works twice.")

    __table_args__ = ({"schema": SCHEMA, "comment": "Secrets of authenticator apps."},)


class RecoveryCode(Identified, OwnedByUser, Created, Base):
    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(comment="SHA-256 of the code, 32 bytes.")
    used_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("user_id", "code_hash"),
        sha256_check("code_hash"),
        {"schema": SCHEMA, "comment": "Single-use codes for a lost second factor."},
    )


class Ceremony(Identified, Created, Base):
    __tablename__ = "ceremonies"

    token_hash: Mapped[bytes] = mapped_column(unique=True, comment="SHA-256 of the secret of the browser or program.")
    kind: Mapped[CeremonyKind]
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"), index=True, comment="Null while nobody has said who they are."
    )
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("auth.sessions.id", ondelete="CASCADE"), index=True, comment="The session it was begun in."
    )
    provider: Mapped[str | None] = mapped_column(comment="Key of the identity provider asked.")
    challenge: Mapped[bytes | None] = mapped_column(comment="Random bytes that the answer must contain.")
    next_path: Mapped[str | None] = mapped_column(comment="Where on this site to go on to.")
    attempts: Mapped[int] = mapped_column(server_default="0", comment="Codes tried.")
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        CheckConstraint("attempts >= 0", name="attempts_range"),
        CheckConstraint("(kind LIKE 'IDENTITY_%') = (provider IS NOT NULL)", name="provider_of_identity"),
        CheckConstraint("kind = 'SECOND_STEP' OR challenge IS NOT NULL", name="challenge_given"),
        CheckConstraint(
            "kind NOT IN ('SECOND_STEP', 'PASSKEY_REGISTRATION', 'PASSKEY_PROOF', 'IDENTITY_LINK') "
            "OR user_id IS NOT NULL",
            name="user_known",
        ),
        {"schema": SCHEMA, "comment": "Proofs half given: a row goes when it is used or has expired."},
    )


class ApiToken(Identified, OwnedByUser, Created, Base):
    __tablename__ = "api_tokens"

    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True, comment="SHA-256 of the token, 32 bytes.")
    prefix: Mapped[str] = mapped_column(comment="First characters of the token, by which its owner knows it.")
    scopes: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        sha256_check(),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        {"schema": SCHEMA, "comment": "Long-lived tokens for programs."},
    )
