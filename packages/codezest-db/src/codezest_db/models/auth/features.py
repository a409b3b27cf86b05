"""What administrators have set about the platform."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Timestamped
from codezest_db.models.auth.columns import SCHEMA, USER_ID


class FeatureSetting(Timestamped, Base):
    __tablename__ = "feature_settings"

    key: Mapped[str] = mapped_column(primary_key=True, comment="Name of the setting in the program's registry.")
    value: Mapped[Any] = mapped_column(JSONB(), nullable=False)
    revision: Mapped[int] = mapped_column(
        server_default="1", comment="Goes up with each change: of two at once, the second is refused."
    )
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_range"),
        {
            "schema": SCHEMA,
            "comment": "What administrators have set about the platform; a setting without a row has its default.",
        },
    )
