"""What was deleted and can be restored. Triggers of the tables it stands for write it; who did it is noted after them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Identified
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class DeletedContent(Identified, Base):
    __tablename__ = "deleted_content"

    content_id: Mapped[UUID] = mapped_column(unique=True, comment="Of the row that is marked as deleted.")
    kind: Mapped[str]
    title: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(
        comment="The course of a module or of a question in its bank, the module of an item, the quiz of a question."
    )
    deleted_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"),
        index=True,
        comment="Null when the program itself did, or nobody noted who.",
    )
    deleted_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "kind", "id"),
        CheckConstraint(
            "kind IN ('LANGUAGE', 'COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ', 'QUESTION')", name="kind"
        ),
        {
            "schema": SCHEMA,
            "comment": "What was deleted and can be restored; triggers of the tables it stands for keep it.",
        },
    )
