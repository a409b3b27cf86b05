"""What analysing leaves behind beside its results: calls of models, and how submissions failed."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, desc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, EMPTY_OBJECT, Base, Created, Identified, JsonObject
from codezest_db.enums import ModelCallStatus, Verdict
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class ModelCall(Identified, Created, Base):
    __tablename__ = "model_calls"

    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="SET NULL"), comment="On whose work, and out of whose daily share."
    )
    submission_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.submissions.id", ondelete="SET NULL"), index=True
    )
    model: Mapped[str]
    status: Mapped[ModelCallStatus] = mapped_column(server_default=ModelCallStatus.RESERVED)
    input_tokens: Mapped[int] = mapped_column(server_default="0", comment="Estimated while RESERVED.")
    output_tokens: Mapped[int] = mapped_column(server_default="0", comment="The most there may be while RESERVED.")
    cost_micros: Mapped[int] = mapped_column(BIGINT, server_default="0", comment="Millionths of the prices' currency.")
    milliseconds: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(comment="A key, such as timeout.")

    __table_args__ = (
        Index(None, "created_at"),
        Index(None, "user_id", "created_at"),
        CheckConstraint("input_tokens >= 0 AND output_tokens >= 0 AND cost_micros >= 0", name="counts_range"),
        {"schema": SCHEMA, "comment": "Every call of a model and what it cost, from which budgets are kept."},
    )


class SubmissionFailure(Created, Base):
    __tablename__ = "submission_failures"

    submission_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning.submissions.id", ondelete="CASCADE"), primary_key=True
    )
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True)
    signature: Mapped[str] = mapped_column(comment="Hash of all that makes two failures the same mistake.")
    verdict: Mapped[Verdict]
    difference: Mapped[str] = mapped_column(comment="How expected and actual differ, such as off-by-one; a key.")
    parameters: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
    failed_tests: Mapped[list[Any]] = mapped_column(
        ARRAY(Integer()), comment="Positions; the first is the one looked at."
    )

    __table_args__ = (
        Index("ix_submission_failures_newest", "assignment_id", desc("submission_id")),
        CheckConstraint("jsonb_typeof(parameters) = 'object'", name="parameters_is_object"),
        {"schema": SCHEMA, "comment": "How a submission failed, so that the same mistakes can be counted together."},
    )
