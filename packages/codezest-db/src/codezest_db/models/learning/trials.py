"""What authors try before learners see it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Identified, JsonObject
from codezest_db.enums import TrialStatus
from codezest_db.models.learning.columns import SCHEMA, USER_ID

JSON = JSONB(none_as_null=True)


class Trial(Identified, Base):
    __tablename__ = "trials"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(USER_ID, ondelete="CASCADE"), index=True, comment="Who asked for it, and reads it."
    )
    status: Mapped[TrialStatus] = mapped_column(server_default=TrialStatus.PENDING)
    tests_revision: Mapped[str | None] = mapped_column(comment="Hash of the tests that it was graded by.")
    programs_revision: Mapped[str | None] = mapped_column(comment="Hash of the programs that were run.")
    solution: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="How the solution went: verdict, score, compile output, tests."
    )
    starter: Mapped[JsonObject | None] = mapped_column(JSON, comment="How the program to start from went; the same.")
    problem: Mapped[str | None] = mapped_column(comment="Why nothing could be run, in words for authors.")
    pick_ups: Mapped[int] = mapped_column(server_default="0", comment="How often a worker began it.")
    requested_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id"),
        Index(None, "requested_at"),
        CheckConstraint("jsonb_typeof(solution) = 'object'", name="solution_is_object"),
        CheckConstraint("jsonb_typeof(starter) = 'object'", name="starter_is_object"),
        CheckConstraint("pick_ups >= 0", name="pick_ups_range"),
        CheckConstraint("(status IN ('DONE', 'FAILED')) = (finished_at IS NOT NULL)", name="finished_has_time"),
        CheckConstraint("(status = 'FAILED') = (problem IS NOT NULL)", name="failed_has_problem"),
        {
            "schema": SCHEMA,
            "comment": "The latest try of an assignment's own programs by each of its authors; kept for a day.",
        },
    )
