"""Leave a course."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.enrolling.take_in import COUNTED_STATUSES
from codezest.services.learning.errors import NotEnrolled
from codezest.services.learning.policies.enrolling import access_course, access_path
from codezest.services.learning.repository import count_enrollment, lock_enrollment
from codezest_db.enums import EnrollmentStatus


async def drop_enrollment(session: AsyncSession, actor: Actor, slug: str) -> None:
    """Leave a language's path. What was achieved is kept; leaving twice changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        NotEnrolled: the caller never was.
    """
    await _drop(session, actor, (await access_path(await driver_connection(session), actor, slug)).course_id)


async def drop_course(session: AsyncSession, actor: Actor, slug: str) -> None:
    """The same for any course by its own slug."""
    await _drop(session, actor, (await access_course(await driver_connection(session), actor, slug)).course_id)


async def _drop(session: AsyncSession, actor: Actor, course_id: UUID) -> None:
    enrollment = await lock_enrollment(session, actor.require_user(), course_id)
    if enrollment is None:
        raise NotEnrolled
    if enrollment.status is EnrollmentStatus.DROPPED:
        return
    counted = enrollment.status in COUNTED_STATUSES
    enrollment.status = EnrollmentStatus.DROPPED
    if counted:
        await count_enrollment(session, course_id, -1)
