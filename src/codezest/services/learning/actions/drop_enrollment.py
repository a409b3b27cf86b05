"""Leave a course."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.errors import NotEnrolled
from codezest.services.learning.policies import access_path
from codezest.services.learning.repository import count_enrollment, lock_enrollment
from codezest_db.enums import EnrollmentStatus


async def drop_enrollment(session: AsyncSession, actor: Actor, slug: str) -> None:
    """Leave a language's path. What was achieved is kept; leaving twice changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        NotEnrolled: the caller never was.
    """
    user_id = actor.require_user()
    access = await access_path(await driver_connection(session), actor, slug)
    enrollment = await lock_enrollment(session, user_id, access.course_id)
    if enrollment is None:
        raise NotEnrolled
    if enrollment.status is not EnrollmentStatus.DROPPED:
        enrollment.status = EnrollmentStatus.DROPPED
        await count_enrollment(session, access.course_id, -1)
