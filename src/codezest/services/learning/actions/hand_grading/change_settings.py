"""Say how people grade an assignment, and what grades are called in a course."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import GradingRulesChanged
from codezest.kit import outbox
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
    changes = {name: value for name, value in columns.items() if getattr(assignment, name) != value}
    for name, value in changes.items():
        setattr(assignment, name, value)
    await session.flush()
    await announce_rules(session, actor, course.id, changes, assignment_id=assignment_id)


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
    wanted = {"grade_scale": scale, "regrade_days": change.regrade_days}
    changes = {name: value for name, value in wanted.items() if getattr(course, name) != value}
    for name, value in changes.items():
        setattr(course, name, value)
    await session.flush()
    await announce_rules(session, actor, course_id, changes)


async def announce_rules(
    session: AsyncSession, actor: Actor, course_id: UUID, changes: dict[str, Any], *, assignment_id: UUID | None = None
) -> None:
    """Say who changed how a course, or an assignment of it, is graded; nothing where nothing changed."""
    if not changes:
        return
    await outbox.publish(
        session,
        GradingRulesChanged(
            actor_user_id=actor.require_user(), course_id=course_id, assignment_id=assignment_id, changes=changes
        ),
    )
