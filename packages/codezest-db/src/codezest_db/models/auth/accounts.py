"""Accounts: the user, what is shown of them, and the mails that prove an address."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
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
from codezest_db.enums import Role
from codezest_db.models.auth.columns import SCHEMA, USER_ID, SingleUseToken, expiry_check, sha256_check


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

    profile: Mapped["UserProfile | None"] = relationship(
        back_populates="user", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("uq_users_email", "email", unique=True, postgresql_where=LIVE),
        CheckConstraint("email LIKE '%_@_%' AND char_length(email) <= 320", name="email_shape"),
        CheckConstraint("first_name <> ''", name="first_name_given"),
        CheckConstraint("date_of_birth >= DATE '1900-01-01'", name="date_of_birth_plausible"),
        {"schema": SCHEMA, "comment": "People who may sign in."},
    )


class UserProfile(Identified, Timestamped, Base):
    __tablename__ = "user_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), unique=True)
    bio: Mapped[str | None]
    avatar: Mapped[str | None] = mapped_column(comment="Storage key of an uploaded picture.")
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

    __table_args__ = (
        sha256_check(),
        expiry_check(),
        CheckConstraint("new_email LIKE '%_@_%' AND char_length(new_email) <= 320", name="new_email_shape"),
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
