"""Accounts: the user, what is shown of them, and the mails that prove an address."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, literal_column, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from codezest_db.base import (
    EMPTY_OBJECT,
    EMPTY_TEXTS,
    LIVE,
    Base,
    Created,
    Identified,
    IpAddress,
    JsonObject,
    SoftDeleted,
    Timestamped,
)
from codezest_db.enums import ProfileVisibility, Role
from codezest_db.models.auth.columns import SCHEMA, USER_ID, SingleUseToken, expiry_check, sha256_check

# Spelled as PostgreSQL gives it back, since no comparison of what it makes would ever find two equal.
NEW_HANDLE = text("""('learner-'::text || "left"(replace((gen_random_uuid())::text, '-'::text, ''::text), 12))""")
SOUGHT = "lower((((((email)::text || ' '::text) || first_name) || ' '::text) || last_name))"


DISPLAY_NAME = literal_column("""(
CASE
    WHEN deleted_at IS NULL THEN btrim((first_name || ' '::text) || last_name)
    ELSE NULL::text
END)""")
"""As the view `auth.public_users` has it, so that an index serves the view; broken as PostgreSQL tells it, for comparing."""


class User(Identified, Timestamped, SoftDeleted, Base):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(CITEXT(), comment="Compared without regard to case; unique among live users.")
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(comment="Argon2id; null for accounts without a password.")
    first_name: Mapped[str]
    last_name: Mapped[str] = mapped_column(comment="Empty for people with one name.")
    role: Mapped[Role] = mapped_column(server_default=Role.STUDENT)
    avatar_url: Mapped[str | None]
    date_of_birth: Mapped[date | None]
    locale: Mapped[str] = mapped_column(server_default="en", comment="BCP 47 language tag of the interface.")
    timezone: Mapped[str] = mapped_column(server_default="UTC", comment="IANA name.")
    suspended_at: Mapped[datetime | None] = mapped_column(comment="Set while an administrator bars the account.")
    suspension_reason: Mapped[str | None] = mapped_column(comment="What the account's owner is told when they log in.")
    deletion_requested_at: Mapped[datetime | None] = mapped_column(
        comment="Since when the owner wants the account deleted; after a time of grace it is."
    )
    sought: Mapped[str | None] = mapped_column(
        Computed(SOUGHT, persisted=True), comment="Address and names in lower case, which administrators search."
    )

    profile: Mapped["UserProfile | None"] = relationship(
        back_populates="user", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("uq_users_email", "email", unique=True, postgresql_where=LIVE),
        CheckConstraint("email LIKE '%_@_%' AND char_length(email) <= 320", name="email_shape"),
        Index(
            "ix_users_deletion_requested_at",
            "deletion_requested_at",
            postgresql_where=text("deletion_requested_at IS NOT NULL AND deleted_at IS NULL"),
        ),
        Index(
            "ix_users_sought",
            "sought",
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
            postgresql_where=LIVE,
        ),
        Index(
            "ix_users_display_name",
            DISPLAY_NAME.label("display_name"),
            postgresql_using="gin",
            postgresql_ops={"display_name": "gin_trgm_ops"},
        ),
        Index("ix_users_role_id", "role", "id", postgresql_where=LIVE),
        Index("ix_users_suspended", "id", postgresql_where=text("suspended_at IS NOT NULL AND deleted_at IS NULL")),
        Index("ix_users_unverified", "id", postgresql_where=text("email_verified_at IS NULL AND deleted_at IS NULL")),
        CheckConstraint("suspension_reason IS NULL OR suspended_at IS NOT NULL", name="suspension_reason_of_suspended"),
        CheckConstraint("first_name <> ''", name="first_name_given"),
        CheckConstraint("date_of_birth >= DATE '1900-01-01'", name="date_of_birth_plausible"),
        {"schema": SCHEMA, "comment": "People who may sign in."},
    )


class UserProfile(Identified, Timestamped, Base):
    __tablename__ = "user_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), unique=True)
    handle: Mapped[str] = mapped_column(
        CITEXT(),
        unique=True,
        server_default=NEW_HANDLE,
        comment="Name of the public page, without regard to case.",
    )
    visibility: Mapped[ProfileVisibility] = mapped_column(server_default=ProfileVisibility.PRIVATE)
    shows_progress: Mapped[bool] = mapped_column(
        server_default="true", comment="On the public page: languages, solved."
    )
    shows_streak: Mapped[bool] = mapped_column(server_default="false", comment="On the public page: days in a row.")
    bio: Mapped[str | None]
    avatar: Mapped[str | None] = mapped_column(comment="Name of the uploaded picture among the stored files.")
    location: Mapped[str | None]
    website: Mapped[str | None]
    github_url: Mapped[str | None]
    linkedin_url: Mapped[str | None]
    twitter_url: Mapped[str | None]
    preferences: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT, comment="Settings of the interface, such as the theme."
    )

    user: Mapped[User] = relationship(back_populates="profile", lazy="raise")

    __table_args__ = (
        CheckConstraint("jsonb_typeof(preferences) = 'object'", name="preferences_is_object"),
        CheckConstraint("handle ~ '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$'", name="handle_shape"),
        CheckConstraint("char_length(handle) BETWEEN 3 AND 30", name="handle_length"),
        {"schema": SCHEMA, "comment": "What a user tells others about themselves."},
    )


class Instructor(Identified, Timestamped, Base):
    __tablename__ = "instructors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), unique=True)
    bio: Mapped[str | None]
    expertise: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)

    __table_args__ = ({"schema": SCHEMA, "comment": "How a teaching user is introduced."},)


class EmailVerification(Identified, SingleUseToken, Created, Base):
    __tablename__ = "email_verifications"

    pending_password_hash: Mapped[str | None] = mapped_column(
        comment="What whoever asked for this mail chose; becomes the account's on use. An address may be registered "
        "by a stranger first: only the choice whose mail is answered counts."
    )
    pending_first_name: Mapped[str | None]
    pending_last_name: Mapped[str | None]

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        {"schema": SCHEMA, "comment": "Registration mails awaiting an answer."},
    )


class EmailChange(Identified, SingleUseToken, Created, Base):
    __tablename__ = "email_changes"

    new_email: Mapped[str] = mapped_column(CITEXT())
    old_email: Mapped[str | None] = mapped_column(CITEXT(), comment="Set on use: what undoing brings back.")
    undo_token_hash: Mapped[bytes | None] = mapped_column(
        unique=True, comment="SHA-256 of the token that the former address gets, 32 bytes."
    )
    undo_expires_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        sha256_check("undo_token_hash"),
        CheckConstraint("new_email LIKE '%_@_%' AND char_length(new_email) <= 320", name="new_email_shape"),
        CheckConstraint(
            "undo_token_hash IS NULL OR num_nonnulls(old_email, undo_expires_at, used_at) = 3", name="undo_is_complete"
        ),
        {"schema": SCHEMA, "comment": "Requests to move an account to another address."},
    )


class PasswordReset(Identified, SingleUseToken, Created, Base):
    __tablename__ = "password_resets"

    ip_address: Mapped[str | None] = mapped_column(IpAddress(), comment="Where the request came from.")

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        {"schema": SCHEMA, "comment": "Requests to choose a new password."},
    )
