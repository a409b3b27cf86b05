"""Say how people grade an assignment, and what grades are called in a course."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.hand_grading import CourseGrading, HandGradingSettings
from codezest_db.models.learning import Assignment, Course, Rubric


async def change_assignment_grading(
    session: AsyncSession, actor: Actor, assignment_id: UUID, change: HandGradingSettings
) -> None:
    """Change what is named. Grades that were given stay as they are.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
        ValidationFailed: the rubric is not one of the course.
    """
    course = await access_course_of(
        await driver_connection(session), actor, "assignment", assignment_id, Permission.AUTHOR
    )
    columns = change.columns()
    if columns.get("rubric_id") is not None:
        offered = await session.scalar(
            select(Rubric.id)
            .where(Rubric.id == columns["rubric_id"], Rubric.course_id == course.id, Rubric.archived_at.is_(None))
            .with_for_update(read=True)
        )
        if offered is None:
            raise ValidationFailed.of("rubric_id", _("This course has no such rubric."))
    assignment = await session.get_one(Assignment, assignment_id, with_for_update={"key_share": True})
    for name, value in columns.items():
        setattr(assignment, name, value)
    await session.flush()


async def change_course_grading(session: AsyncSession, actor: Actor, course_id: UUID, change: CourseGrading) -> None:
    """Replace the scale, for grades that are given from now on, and the time to ask about a grade.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    course = await session.get_one(Course, course_id, with_for_update={"key_share": True})
    scale = change.model_dump(include={"kind"})
    if change.kind == "LETTERS":
        scale["grades"] = [step.model_dump() for step in sorted(change.grades, key=lambda step: -step.from_percent)]
    course.grade_scale, course.regrade_days = scale, change.regrade_days
    await session.flush()
