"""Questions as they were asked, and what graders said of answers."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Created, Identified, JsonObject
from codezest_db.models.learning.columns import SCHEMA, USER_ID
from codezest_db.models.learning.work import POINTS


class QuestionSnapshot(Created, Base):
    __tablename__ = "question_snapshots"

    sha256: Mapped[str] = mapped_column(primary_key=True, comment="Of the question's id and its content.")
    question_id: Mapped[UUID] = mapped_column(ForeignKey("learning.questions.id", ondelete="CASCADE"), index=True)
    content: Mapped[JsonObject] = mapped_column(comment="All of it: text, options, key, explanation, points.")

    __table_args__ = (
        CheckConstraint("jsonb_typeof(content) = 'object'", name="content_is_object"),
        {"schema": SCHEMA, "comment": "Questions as attempts asked them; each wording once, none is changed."},
    )


class AnswerMark(Identified, Base):
    __tablename__ = "answer_marks"

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("learning.quiz_answers.id", ondelete="CASCADE"))
    marked_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    points: Mapped[Decimal] = mapped_column(POINTS)
    comment: Mapped[str | None] = mapped_column(comment="For the learner.")
    marked_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        Index(None, "answer_id", "marked_at"),
        {"schema": SCHEMA, "comment": "Every mark that a person gave an answer; the latest counts, none is changed."},
    )
