"""Programs that belong to a question: learners' answers, what they try on the way, and the author's own solution."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Identified, JsonObject
from codezest_db.enums import QuestionRunPurpose, TrialStatus
from codezest_db.models.learning.columns import SCHEMA, USER_ID

JSON = JSONB(none_as_null=True)
UNFINISHED = text("status IN ('PENDING', 'RUNNING')")


class QuestionRun(Identified, Base):
    __tablename__ = "question_runs"

    purpose: Mapped[QuestionRunPurpose]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("learning.questions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"),
        comment="The learner, whose turn in the queue it takes; null for CHECK.",
    )
    attempt_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.quiz_attempts.id", ondelete="CASCADE"), index=True, comment="Null for CHECK."
    )
    answer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.quiz_answers.id", ondelete="CASCADE"),
        unique=True,
        comment="What is decided by it; its program is that of the answer. Only for ANSWER.",
    )
    code: Mapped[str | None] = mapped_column(comment="The program of a SAMPLE.")
    key_sha256: Mapped[str | None] = mapped_column(comment="Hash of the key whose solution a CHECK tried.")
    status: Mapped[TrialStatus] = mapped_column(server_default=TrialStatus.PENDING)
    result: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Verdict, compile output, and each test; of a hidden one no more than its verdict, but for CHECK."
    )
    problem: Mapped[str | None] = mapped_column(comment="Why nothing could be run.")
    turn: Mapped[int] = mapped_column(server_default="0", comment="The round of the queue, as of submissions.")
    pick_ups: Mapped[int] = mapped_column(server_default="0", comment="How often a worker began it.")
    requested_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_question_runs_sample",
            "attempt_id",
            "question_id",
            unique=True,
            postgresql_where=text("purpose = 'SAMPLE'"),
        ),
        Index("uq_question_runs_check", "question_id", unique=True, postgresql_where=text("purpose = 'CHECK'")),
        Index("ix_question_runs_unfinished", "requested_at", postgresql_where=UNFINISHED),
        Index("ix_question_runs_queue", "turn", postgresql_where=UNFINISHED),
        Index(None, "turn"),
        Index(None, "user_id", "turn"),
        Index("ix_question_runs_passing", "requested_at", postgresql_where=text("purpose = 'SAMPLE'")),
        CheckConstraint("(purpose = 'CHECK') = (attempt_id IS NULL)", name="attempt_unless_check"),
        CheckConstraint("(purpose = 'CHECK') = (user_id IS NULL)", name="user_unless_check"),
        CheckConstraint("(purpose = 'ANSWER') = (answer_id IS NOT NULL)", name="answer_names_it"),
        CheckConstraint("(purpose = 'SAMPLE') = (code IS NOT NULL)", name="sample_has_code"),
        CheckConstraint("(purpose = 'CHECK') = (key_sha256 IS NOT NULL)", name="check_names_key"),
        CheckConstraint("jsonb_typeof(result) = 'object'", name="result_is_object"),
        CheckConstraint("turn >= 0", name="turn_range"),
        CheckConstraint("pick_ups >= 0", name="pick_ups_range"),
        CheckConstraint("(status IN ('DONE', 'FAILED')) = (finished_at IS NOT NULL)", name="finished_has_time"),
        CheckConstraint("(status = 'DONE') = (result IS NOT NULL)", name="done_has_result"),
        CheckConstraint("(status = 'FAILED') = (problem IS NOT NULL)", name="failed_has_problem"),
        {
            "schema": SCHEMA,
            "comment": "Programs of questions that are answered by one: graded answers, tries of learners, checks of solutions.",
        },
    )
