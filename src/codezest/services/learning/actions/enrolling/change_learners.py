"""What those who teach do with the learners of a course: let in, pause, resume, drop, restore, move."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrolledInCourse, EnrollmentChanged, LearnersListed
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.take_in import COUNTED_STATUSES, place
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.repository import count_enrollment
from codezest.services.learning.schemas.enrolling import MOST_AT_ONCE, LearnerChange
from codezest_db.enums import EnrollmentStatus
from codezest_db.models.learning import Course, Enrollment

_FROM = {
    LearnerChange.ACTIVATE: {EnrollmentStatus.PENDING},
    LearnerChange.PAUSE: {EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED},
    LearnerChange.RESUME: {EnrollmentStatus.PAUSED},
    LearnerChange.DROP: frozenset(EnrollmentStatus) - {EnrollmentStatus.DROPPED},
    LearnerChange.RESTORE: {EnrollmentStatus.DROPPED},
}


async def change_learners(
    session: AsyncSession,
    actor: Actor,
    course_id: UUID,
    change: LearnerChange,
    enrollment_ids: Sequence[UUID],
    *,
    cohort_id: UUID | None = None,
) -> list[UUID]:
    """Change all of them, or none; `cohort_id` is where MOVE leads. Doing it twice changes nothing more.

    Returns:
        the enrollments that were changed.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; or only an administrator may activate.
        CohortClosed: the cohort has no room for all of them, or is over.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    if change is LearnerChange.ACTIVATE and not actor.is_admin:
        priced = await session.scalar(select(Course.price_minor > 0).where(Course.id == course_id))
        if priced:
            raise Forbidden(_("This course has a price, so that only an administrator lets learners in."))
    found = await session.scalars(
        select(Enrollment)
        .where(Enrollment.course_id == course_id, Enrollment.id.in_(enrollment_ids[:MOST_AT_ONCE]))
        .order_by(Enrollment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = found.all()
    if change is LearnerChange.MOVE:
        moved = await _move(session, rows, cohort_id)
        if moved:
            await outbox.publish(session, _moved(actor.require_user(), course_id, len(moved)))
        return moved
    changed = [row for row in rows if row.status in _FROM[change] and _applies(change, row)]
    former = {row.id: row.status for row in changed}
    for row in changed:
        _apply(change, row)
    await session.flush()
    await _count(session, course_id, changed, former)
    back = [row for row in changed if row.status in COUNTED_STATUSES]
    if back and change is not LearnerChange.PAUSE:
        await recount(session, [row.user_id for row in back], course_id=course_id)
    await _announce(session, actor, changed, former)
    return [row.id for row in changed]


def _applies(change: LearnerChange, row: Enrollment) -> bool:
    # Who left by themselves is not fetched back.
    return change is not LearnerChange.RESTORE or row.former_status is not None


def _apply(change: LearnerChange, row: Enrollment) -> None:
    former = row.former_status
    match change:
        case LearnerChange.PAUSE | LearnerChange.DROP:
            # Of one who was paused before, what restoring brings back is the pause.
            row.former_status, row.held_at = row.status, now()
            row.status = EnrollmentStatus.PAUSED if change is LearnerChange.PAUSE else EnrollmentStatus.DROPPED
        case LearnerChange.RESTORE if former is EnrollmentStatus.PENDING or former is EnrollmentStatus.PAUSED:
            row.status, row.former_status = former, None
            row.held_at = row.held_at if former is EnrollmentStatus.PAUSED else None
        case _:  # whether all is completed, the recount that follows says
            row.status, row.former_status, row.held_at = EnrollmentStatus.ACTIVE, None, None


def _moved(user_id: UUID, course_id: UUID, count: int) -> LearnersListed:
    return LearnersListed(actor_user_id=user_id, course_id=course_id, enrolled=0, returned=0, moved=count, invited=0)


async def _move(session: AsyncSession, rows: Sequence[Enrollment], cohort_id: UUID | None) -> list[UUID]:
    changed: list[UUID] = []
    for row in rows:
        if row.cohort_id != cohort_id:
            await place(session, row, cohort_id, invited=True)
            await session.flush()  # the next one's seat is counted with this one taken
            changed.append(row.id)
    return changed


async def _count(
    session: AsyncSession, course_id: UUID, rows: Sequence[Enrollment], former: dict[UUID, EnrollmentStatus]
) -> None:
    difference = sum((row.status in COUNTED_STATUSES) - (former[row.id] in COUNTED_STATUSES) for row in rows)
    if difference:
        await count_enrollment(session, course_id, difference)


async def _announce(
    session: AsyncSession, actor: Actor, rows: Sequence[Enrollment], former: dict[UUID, EnrollmentStatus]
) -> None:
    changed_by = actor.require_user()
    for row in rows:
        await session.refresh(row)
    await outbox.publish(
        session,
        *(
            EnrollmentChanged(
                user_id=row.user_id,
                course_id=row.course_id,
                enrollment_id=row.id,
                former_status=former[row.id].value,
                status=row.status.value,
                changed_by=changed_by,
            )
            for row in rows
        ),
        *(
            EnrolledInCourse(user_id=row.user_id, course_id=row.course_id, enrollment_id=row.id)
            for row in rows
            if former[row.id] is EnrollmentStatus.PENDING and row.status in COUNTED_STATUSES
        ),
    )
