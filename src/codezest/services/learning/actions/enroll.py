"""Take a course."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrolledInCourse
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.policies import LEARNING_STATUSES, access_path
from codezest.services.learning.repository import count_enrollment, lock_enrollment
from codezest_db.enums import EnrollmentStatus
from codezest_db.models.learning import Enrollment


async def enroll(session: AsyncSession, actor: Actor, slug: str) -> tuple[Enrollment, bool]:
    """Enrol the caller in a language's path; one that was left or paused goes on where it stood.

    Returns:
        the enrollment, and whether it is new. Enrolling again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
    """
    user_id = actor.require_user()
    access = await access_path(await driver_connection(session), actor, slug)
    created = await session.scalar(
        insert(Enrollment)
        .values(user_id=user_id, course_id=access.course_id, status=EnrollmentStatus.ACTIVE)
        .on_conflict_do_nothing(index_elements=["user_id", "course_id"])
        .returning(Enrollment.id)
    )
    enrollment = await lock_enrollment(session, user_id, access.course_id)
    assert enrollment is not None
    if created is None:
        if enrollment.status in LEARNING_STATUSES:
            return enrollment, False
        if enrollment.status is EnrollmentStatus.DROPPED:
            await count_enrollment(session, access.course_id, 1)
        enrollment.status = EnrollmentStatus.ACTIVE
        await session.flush()
        await recount(session, [user_id], course_id=access.course_id)
        await session.refresh(enrollment)
    else:
        await count_enrollment(session, access.course_id, 1)
    await outbox.publish(
        session, EnrolledInCourse(user_id=user_id, course_id=access.course_id, enrollment_id=enrollment.id)
    )
    return enrollment, created is not None
