"""What search looks in. Triggers of the tables it stands for write it; nobody else does."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, literal_column, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base
from codezest_db.models.learning.columns import SCHEMA


class SearchEntry(Base):
    __tablename__ = "search_entries"

    target_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Of the course, module or item that it leads to.")
    kind: Mapped[str] = mapped_column(comment="A LANGUAGE's target is the course that is its path.")
    listed: Mapped[bool] = mapped_column(comment="Whether the target itself is published.")
    folded: Mapped[str] = mapped_column(comment="The title in lower case without accents.")
    words: Mapped[Any] = mapped_column(TSVECTOR(), nullable=False, comment="Weight D is what only learners may read.")

    __table_args__ = (
        CheckConstraint("kind IN ('LANGUAGE', 'COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ')", name="kind"),
        Index("ix_search_entries_words", "words", postgresql_using="gin", postgresql_where=text("listed")),
        Index(
            "ix_search_entries_outline",
            literal_column("""ts_filter(words, '{a,b,c}'::"char"[])"""),
            postgresql_using="gin",
            postgresql_where=text("listed"),
        ),
        Index(
            "ix_search_entries_folded",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
            postgresql_where=text("listed"),
        ),
        {"schema": SCHEMA, "comment": "What search looks in; triggers of the tables it stands for keep it."},
    )
