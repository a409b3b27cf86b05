"""Take a course."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.enrolling.take_in import Way, take_in
from codezest.services.learning.policies.enrolling import access_course, access_path
from codezest_db.models.learning import Enrollment


async def enroll(session: AsyncSession, actor: Actor, slug: str) -> tuple[Enrollment, bool]:
    """Enrol the caller in a language's path; one that was left or paused goes on where it stood.

    Returns:
        the enrollment, and whether it is new. Enrolling again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        CoursesMissing, EnrolmentHeld: see `take_in`.
    """
    access = await access_path(await driver_connection(session), actor, slug)
    return (await take_in(session, actor.require_user(), access, Way()))[:2]


async def enroll_in_course(
    session: AsyncSession, actor: Actor, slug: str, *, cohort_id: UUID | None = None
) -> tuple[Enrollment, bool]:
    """The same for any course by its own slug. One that has a price waits, PENDING, until it is activated.

    Returns:
        the enrollment, and whether it is new. Enrolling again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        CoursesMissing, EnrolmentClosed, EnrolmentHeld, CohortClosed: see `take_in`.
    """
    access = await access_course(await driver_connection(session), actor, slug)
    return (await take_in(session, actor.require_user(), access, Way(cohort_id=cohort_id)))[:2]
