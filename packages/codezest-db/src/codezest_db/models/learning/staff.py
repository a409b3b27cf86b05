"""Who teaches a course beside its owner, `learning.courses.instructor_user_id`."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import Base, Identified, Timestamped
from codezest_db.enums import StaffRole
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class CourseStaff(Identified, Timestamped, Base):
    __tablename__ = "course_staff"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"), index=True)
    role: Mapped[StaffRole]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)

    __table_args__ = (
        UniqueConstraint("course_id", "user_id"),
        {"schema": SCHEMA, "comment": "Who helps to teach a course, and what they may do there."},
    )
