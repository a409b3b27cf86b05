"""What lies on a learner's desk between submissions, and on which days they worked."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import EMPTY_OBJECT, SLUG_PATTERN, Base, Created, Identified, Timestamped
from codezest_db.models.learning.columns import SCHEMA, USER_ID, position_check


class Draft(Identified, Timestamped, Base):
    __tablename__ = "drafts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    assignment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.assignments.id", ondelete="CASCADE"), index=True
    )
    material_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.materials.id", ondelete="CASCADE"), index=True
    )
    cell: Mapped[str | None] = mapped_column(comment="Which code cell of the material.")
    code: Mapped[str] = mapped_column(comment="Of several files, the one the program begins with.")
    files: Mapped[dict[str, str]] = mapped_column(
        JSONB(none_as_null=True), server_default=EMPTY_OBJECT, comment="The other files, text by path."
    )
    revision: Mapped[int] = mapped_column(
        server_default="1", comment="Rises with every save; a save that names an older one is refused."
    )

    __table_args__ = (
        Index(
            "uq_drafts_assignment",
            "user_id",
            "assignment_id",
            unique=True,
            postgresql_where=text("assignment_id IS NOT NULL"),
        ),
        Index(
            "uq_drafts_cell",
            "user_id",
            "material_id",
            "cell",
            unique=True,
            postgresql_where=text("material_id IS NOT NULL"),
        ),
        Index(None, "user_id"),
        CheckConstraint("num_nonnulls(assignment_id, material_id) = 1", name="one_target"),
        CheckConstraint("(material_id IS NULL) = (cell IS NULL)", name="cell_of_material"),
        CheckConstraint("jsonb_typeof(files) = 'object'", name="files_is_object"),
        CheckConstraint("revision > 0", name="revision_range"),
        {"schema": SCHEMA, "comment": "Programs as they were left in the editor, not handed in yet."},
    )


class RevealedHint(Identified, Created, Base):
    __tablename__ = "revealed_hints"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(comment="Of the hint, from 0.")

    __table_args__ = (
        UniqueConstraint("user_id", "assignment_id", "position"),
        position_check(),
        {"schema": SCHEMA, "comment": "Hints that a learner has asked for, one at a time."},
    )


class StudyDay(Identified, Timestamped, Base):
    __tablename__ = "study_days"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(comment="In the learner's own time zone, as it was then.")
    steps: Mapped[int] = mapped_column(server_default="0", comment="Materials, exercises and quizzes completed.")
    submissions: Mapped[int] = mapped_column(server_default="0", comment="Programs handed in or run.")
    answers: Mapped[int] = mapped_column(server_default="0", comment="Quiz questions answered in finished attempts.")

    __table_args__ = (
        UniqueConstraint("user_id", "day"),
        CheckConstraint("steps >= 0", name="steps_range"),
        CheckConstraint("submissions >= 0", name="submissions_range"),
        CheckConstraint("answers >= 0", name="answers_range"),
        {"schema": SCHEMA, "comment": "How much a learner did on each day; a day without a row had nothing."},
    )


class EarnedBadge(Identified, Created, Base):
    __tablename__ = "earned_badges"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    badge: Mapped[str] = mapped_column(comment="Key of what was achieved, such as first-exercise.")

    __table_args__ = (
        UniqueConstraint("user_id", "badge"),
        CheckConstraint(f"badge ~ '{SLUG_PATTERN}'", name="badge_is_key"),
        {"schema": SCHEMA, "comment": "What learners achieved, each once and for good."},
    )
