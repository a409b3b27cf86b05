"""Take a course."""

from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.features import feature_settings
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.take_in import Way, take_in
from codezest.services.learning.errors import EnrolmentClosed
from codezest.services.learning.policies.enrolling import access_course, access_path
from codezest_db.models.learning import Enrollment


async def enroll(
    session: AsyncSession, actor: Actor, slug: str, *, cohort_id: UUID | None = None
) -> tuple[Enrollment, bool]:
    """Enrol the caller in a language's path; one that was left or paused goes on where it stood.

    Returns:
        the enrollment, and whether it is new. Enrolling again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        EnrolmentClosed: an administrator has turned it off that learners join by themselves.
        CoursesMissing, EnrolmentHeld, CohortClosed: see `take_in`.
    """
    connection = await driver_connection(session)
    access = await access_path(connection, actor, slug)
    await _require_open(connection, actor, access.course_id)
    return (await take_in(session, actor.require_user(), access, Way(cohort_id=cohort_id)))[:2]


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
    connection = await driver_connection(session)
    access = await access_course(connection, actor, slug)
    await _require_open(connection, actor, access.course_id)
    return (await take_in(session, actor.require_user(), access, Way(cohort_id=cohort_id)))[:2]


async def _require_open(connection: asyncpg.Connection, actor: Actor, course_id: UUID) -> None:
    """Who was let in before may go on. Codes, lists and invitations have ways of their own."""
    if (await feature_settings(connection)).self_enrollment:
        return
    known = "SELECT EXISTS (SELECT FROM learning.enrollments WHERE course_id = $1 AND user_id = $2)"
    if not await connection.fetchval(known, course_id, actor.require_user()):
        raise EnrolmentClosed(_("You join courses here with a code or an invitation."))
