"""Say who may enrol in a course by themselves, and what they have to complete before."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrollmentRulesChanged
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import PrerequisiteRefused
from codezest.services.learning.policies.authoring import writes
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.enrolling import EnrollmentRulesChange
from codezest_db.enums import CourseKind, EnrollmentPolicy, PublicationStatus
from codezest_db.models.learning import Course, CoursePrerequisite

# A circle may run through courses of several authors, so that no lock of one course would do.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('learning:course_prerequisites', 0))")
_CIRCLE = text("""
WITH RECURSIVE before(id) AS (
    SELECT unnest(CAST(:wanted AS uuid[]))
    UNION
    SELECT p.prerequisite_id FROM before JOIN learning.course_prerequisites p ON p.course_id = before.id)
SELECT EXISTS (SELECT FROM before WHERE id = :course_id)
""")


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
        await _set_prerequisites(session, actor, course_id, list(dict.fromkeys(change.prerequisite_ids)))
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


async def _set_prerequisites(session: AsyncSession, actor: Actor, course_id: UUID, wanted: Sequence[UUID]) -> None:
    await session.execute(_ONE_AT_A_TIME)
    kept = select(CoursePrerequisite.prerequisite_id).where(CoursePrerequisite.course_id == course_id)
    known = await session.scalar(
        select(func.count())
        .select_from(Course)
        .where(
            Course.id.in_(wanted),
            Course.id != course_id,
            Course.deleted_at.is_(None),
            or_(Course.status == PublicationStatus.PUBLISHED, writes(actor), Course.id.in_(kept)),
        )
    )
    if known != len(wanted):
        raise PrerequisiteRefused(_("A prerequisite is another course that is published, or yours."))
    if await session.scalar(_CIRCLE, {"wanted": wanted, "course_id": course_id}):
        raise PrerequisiteRefused(_("One of these courses depends on this one: neither could ever be begun."))
    await session.execute(delete(CoursePrerequisite).where(CoursePrerequisite.course_id == course_id))
    session.add_all(CoursePrerequisite(course_id=course_id, prerequisite_id=needed) for needed in wanted)
    await session.flush()
