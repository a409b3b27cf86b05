"""Sessions, attempts to sign in, and the audit trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import EMPTY_OBJECT, NOW, Base, Created, Identified, IpAddress, JsonObject
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth.columns import SCHEMA, USER_ID, OwnedByUser, expiry_check, sha256_check


class Session(Identified, OwnedByUser, Created, Base):
    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(unique=True, comment="SHA-256 of the token, 32 bytes.")
    expires_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ip_address: Mapped[str | None] = mapped_column(IpAddress())
    user_agent: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None] = mapped_column(
        comment="When its holder last proved who they are; changing the ways to sign in needs recent proof."
    )

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        {"schema": SCHEMA, "comment": "Signed-in browsers and programs."},
    )


class LoginEvent(Identified, Created, Base):
    __tablename__ = "login_events"

    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), index=True, comment="Null when no account has the address."
    )
    email: Mapped[str] = mapped_column(CITEXT(), comment="As typed.")
    outcome: Mapped[LoginOutcome]
    ip_address: Mapped[str | None] = mapped_column(IpAddress())
    user_agent: Mapped[str | None]

    __table_args__ = (
        Index(None, "email", "created_at"),
        Index(None, "ip_address", "created_at"),
        {"schema": SCHEMA, "comment": "Every attempt to sign in; lock-out counts these rows."},
    )


class AuditEntry(Identified, Created, Base):
    __tablename__ = "audit_entries"

    actor_user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), comment="Null when the program itself acted."
    )
    action: Mapped[str] = mapped_column(comment="Stable name, such as user.suspended.")
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    ip_address: Mapped[str | None] = mapped_column(IpAddress())
    user_agent: Mapped[str | None]
    details: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)

    __table_args__ = (
        Index(None, "actor_user_id", "created_at"),
        Index(None, "subject_type", "subject_id", "created_at"),
        Index(None, "actor_user_id", "id"),
        Index(None, "action", "id"),
        Index("ix_audit_entries_acts", "id", postgresql_where=text("action <> 'mail.requested'")),
        Index("ix_audit_entries_mail_requested", "created_at", postgresql_where=text("action = 'mail.requested'")),
        CheckConstraint("action <> ''", name="action_given"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details_is_object"),
        {"schema": SCHEMA, "comment": "Acts that must stay traceable; rows are never changed."},
    )
