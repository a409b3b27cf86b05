"""Take a course."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrolledInCourse
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.policies import LEARNING_STATUSES, PathAccess, access_course, access_path
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
    return await _enroll(session, actor, await access_path(await driver_connection(session), actor, slug))


async def enroll_in_course(session: AsyncSession, actor: Actor, slug: str) -> tuple[Enrollment, bool]:
    """The same for any course by its own slug. One that has a price waits, PENDING, until it is activated.

    Returns:
        the enrollment, and whether it is new. Enrolling again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
    """
    return await _enroll(session, actor, await access_course(await driver_connection(session), actor, slug))


async def _enroll(session: AsyncSession, actor: Actor, access: PathAccess) -> tuple[Enrollment, bool]:
    user_id = actor.require_user()
    status = EnrollmentStatus.PENDING if access.priced else EnrollmentStatus.ACTIVE
    created = await session.scalar(
        insert(Enrollment)
        .values(user_id=user_id, course_id=access.course_id, status=status)
        .on_conflict_do_nothing(index_elements=["user_id", "course_id"])
        .returning(Enrollment.id)
    )
    enrollment = await lock_enrollment(session, user_id, access.course_id)
    assert enrollment is not None
    if created is None:
        if enrollment.status in LEARNING_STATUSES or enrollment.status is EnrollmentStatus.PENDING:
            return enrollment, False
        left = enrollment.status is EnrollmentStatus.DROPPED
        enrollment.status = status if left else EnrollmentStatus.ACTIVE  # who only paused was let in before
        await session.flush()
        if enrollment.status is EnrollmentStatus.PENDING:
            return enrollment, False
        if left:
            await count_enrollment(session, access.course_id, 1)
        await recount(session, [user_id], course_id=access.course_id)
        await session.refresh(enrollment)
    elif status is EnrollmentStatus.PENDING:
        return enrollment, True
    else:
        await count_enrollment(session, access.course_id, 1)
    await outbox.publish(
        session, EnrolledInCourse(user_id=user_id, course_id=access.course_id, enrollment_id=enrollment.id)
    )
    return enrollment, created is not None
