"""Give somebody a place in a course, whichever way they came.

Locks are taken in one order by everything here: enrollment, code, cohort, course.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrolledInCourse
from codezest.kit import outbox
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.errors import CohortClosed, CoursesMissing, EnrolmentClosed, EnrolmentHeld
from codezest.services.learning.policies import LEARNING_STATUSES
from codezest.services.learning.policies.enrolling import CourseAccess
from codezest.services.learning.repository import count_enrollment, lock_enrollment
from codezest_db.enums import EnrollmentPolicy, EnrollmentStatus
from codezest_db.models.learning import Cohort, Enrollment

COUNTED_STATUSES = LEARNING_STATUSES | {EnrollmentStatus.PAUSED}
"""Those whose learners a course counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How somebody comes into a course. By themselves, unless told otherwise."""

    cohort_id: UUID | None = None
    invited: bool = False
    """With a code, or enrolled by those who teach: the course need not be open to everybody, nor the cohort to choose."""
    waives_prerequisites: bool = False
    waives_price: bool = False


async def take_in(
    session: AsyncSession, user_id: UUID, access: CourseAccess, way: Way
) -> tuple[Enrollment, bool, bool]:
    """Enrol somebody; one who left or paused goes on where they stood. Doing it twice changes nothing.

    Returns:
        the enrollment, whether it is new, and whether anything has changed.

    Raises:
        CoursesMissing, EnrolmentClosed, EnrolmentHeld, CohortClosed: as they say.
        NotFound: the course has no such cohort.
    """
    waits = access.priced and not way.waives_price
    enrollment = await lock_enrollment(session, user_id, access.course_id)
    if enrollment is not None and _stands(enrollment, waits=waits):
        return enrollment, False, await _join_later(session, enrollment, way)
    _require_open(enrollment, access, way)
    status = EnrollmentStatus.PENDING if waits else EnrollmentStatus.ACTIVE
    created = await session.scalar(
        insert(Enrollment)
        .values(user_id=user_id, course_id=access.course_id, status=status)
        .on_conflict_do_nothing(index_elements=["user_id", "course_id"])
        .returning(Enrollment.id)
    )
    enrollment = await lock_enrollment(session, user_id, access.course_id)
    assert enrollment is not None
    if created is None and _stands(enrollment, waits=waits):  # another tab was faster
        return enrollment, False, False
    former = enrollment.status
    if created is None:
        # Whoever only paused was let in before.
        enrollment.status = EnrollmentStatus.ACTIVE if former is EnrollmentStatus.PAUSED else status
        enrollment.former_status = enrollment.held_at = None
    if former is not EnrollmentStatus.PAUSED or way.cohort_id is not None:
        await place(session, enrollment, way.cohort_id, invited=way.invited)
    await session.flush()
    if enrollment.status is EnrollmentStatus.PENDING:
        return enrollment, created is not None, True
    if created is not None or former not in COUNTED_STATUSES:
        await count_enrollment(session, access.course_id, 1)
    if created is None:
        await recount(session, [user_id], course_id=access.course_id)
        await session.refresh(enrollment)
    await outbox.publish(
        session, EnrolledInCourse(user_id=user_id, course_id=access.course_id, enrollment_id=enrollment.id)
    )
    return enrollment, created is not None, True


async def place(session: AsyncSession, enrollment: Enrollment, cohort_id: UUID | None, *, invited: bool) -> None:
    """Put a locked enrollment into a cohort, or into none, unless it is there.

    Raises:
        NotFound: the course has no such cohort.
        CohortClosed: it is full, over or archived, or takes nobody in who was not invited.
    """
    if enrollment.cohort_id == cohort_id:
        return
    if cohort_id is None:
        enrollment.cohort_id, enrollment.begins_at = None, enrollment.enrolled_at
        return
    cohort = await lock_cohort(session, enrollment.course_id, cohort_id)
    require_joinable(cohort, invited=invited)
    await require_seats(session, cohort, 1)
    enrollment.cohort_id, enrollment.begins_at = cohort.id, cohort.starts_at


async def lock_cohort(session: AsyncSession, course_id: UUID, cohort_id: UUID) -> Cohort:
    """A cohort of the course, locked against others who join it.

    Raises:
        NotFound: the course has no such cohort.
    """
    cohort = await session.scalar(
        select(Cohort)
        .where(Cohort.id == cohort_id, Cohort.course_id == course_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if cohort is None:
        raise NotFound
    return cohort


def require_joinable(cohort: Cohort, *, invited: bool) -> None:
    """Raise `CohortClosed` unless somebody may come in at this time."""
    moment = now()
    if cohort.archived_at is not None or (cohort.ends_at is not None and cohort.ends_at <= moment):
        raise CohortClosed(_("%(name)s is over. Nothing was changed.") % {"name": cohort.name})
    early = cohort.enrol_from is not None and moment < cohort.enrol_from
    late = cohort.enrol_until is not None and moment >= cohort.enrol_until
    if not invited and (early or late):
        raise CohortClosed(_("%(name)s does not take learners in at this time.") % {"name": cohort.name})


async def require_seats(session: AsyncSession, cohort: Cohort, coming: int) -> None:
    """Raise `CohortClosed` unless the locked cohort has room for so many more."""
    if cohort.capacity is None:
        return
    members = await session.scalar(
        select(func.count())
        .select_from(Enrollment)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.status != EnrollmentStatus.DROPPED)
    )
    if (members or 0) + coming > cohort.capacity:
        raise CohortClosed(_("%(name)s is full. Nothing was changed.") % {"name": cohort.name})


def _stands(enrollment: Enrollment, *, waits: bool) -> bool:
    """Whether there is nothing to be done but, perhaps, to choose a cohort."""
    return enrollment.status in LEARNING_STATUSES or (enrollment.status is EnrollmentStatus.PENDING and waits)


async def _join_later(session: AsyncSession, enrollment: Enrollment, way: Way) -> bool:
    """Put a learner who is in no cohort into the one they came for; moving is for those who teach."""
    if way.cohort_id is None or way.cohort_id == enrollment.cohort_id:
        return False
    if enrollment.cohort_id is not None:
        raise CohortClosed(_("You are in another cohort of this course. Those who teach it can move you."))
    await place(session, enrollment, way.cohort_id, invited=way.invited)
    await session.flush()
    return True


def _require_open(enrollment: Enrollment | None, access: CourseAccess, way: Way) -> None:
    if enrollment is not None and enrollment.held_at is not None:
        raise EnrolmentHeld
    if enrollment is not None and enrollment.status is EnrollmentStatus.PAUSED:
        return
    if access.missing and not (way.waives_prerequisites or access.staff):
        raise CoursesMissing([json.loads(course) for course in access.missing])
    if way.invited or access.staff:
        return
    if access.policy is EnrollmentPolicy.INVITED:
        raise EnrolmentClosed(_("You need a code, or to be enrolled by those who teach it."))
    if access.policy is EnrollmentPolicy.COHORT and way.cohort_id is None:
        raise EnrolmentClosed(_("Choose a cohort that takes learners in."))
