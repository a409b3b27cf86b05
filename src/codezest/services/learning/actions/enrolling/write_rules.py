"""Say who may enrol in a course by themselves, and what they have to complete before."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrollmentRulesChanged
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.set_prerequisites import set_prerequisites
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.enrolling import EnrollmentRulesChange
from codezest_db.enums import CourseKind, EnrollmentPolicy
from codezest_db.models.learning import Course


async def change_rules(session: AsyncSession, actor: Actor, course_id: UUID, change: EnrollmentRulesChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        PrerequisiteRefused: a course is not one that the caller may name, or depends on this one.
        ValidationFailed: a language's path is open to everybody.
    """
    course = await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    if change.policy is not None:
        if course.kind is CourseKind.PATH and change.policy is not EnrollmentPolicy.OPEN:
            raise ValidationFailed.of("policy", _("The path of a language is open to everybody."))
        await session.execute(update(Course).where(Course.id == course_id).values(enrollment_policy=change.policy))
    if change.prerequisite_ids is not None:
        await set_prerequisites(session, actor, course_id, list(dict.fromkeys(change.prerequisite_ids)))
    if change.policy is not None or change.prerequisite_ids is not None:
        await announce_rules(session, actor, course_id, "RULES", act="CHANGED")


async def announce_rules(
    session: AsyncSession, actor: Actor, course_id: UUID, what: str, subject_id: UUID | None = None, *, act: str
) -> None:
    """Say who changed how learners come into a course; see the event for the words."""
    await outbox.publish(
        session,
        EnrollmentRulesChanged(
            actor_user_id=actor.require_user(), course_id=course_id, what=what, subject_id=subject_id, act=act
        ),
    )
