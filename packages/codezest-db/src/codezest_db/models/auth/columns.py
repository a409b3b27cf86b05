"""Columns that several tables of `auth` share."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

SCHEMA = "auth"
USER_ID = "auth.users.id"


class OwnedByUser:
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True, sort_order=-10)


class SingleUseToken(OwnedByUser):
    """A secret sent by mail: only its SHA-256 is kept, it ends, and it works once."""

    token_hash: Mapped[bytes] = mapped_column(unique=True, sort_order=-9, comment="SHA-256 of the token, 32 bytes.")
    expires_at: Mapped[datetime] = mapped_column(sort_order=-8)
    used_at: Mapped[datetime | None] = mapped_column(sort_order=-7)


def sha256_check(column: str = "token_hash") -> CheckConstraint:
    return CheckConstraint(f"octet_length({column}) = 32", name=f"{column}_is_sha256")


def expiry_check() -> CheckConstraint:
    return CheckConstraint("expires_at > created_at", name="expires_after_creation")
