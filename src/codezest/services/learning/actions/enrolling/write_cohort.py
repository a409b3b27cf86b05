"""Make and change cohorts."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.take_in import lock_cohort
from codezest.services.learning.actions.enrolling.write_rules import announce_rules
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.enrolling import CohortChange, NewCohort
from codezest_db.ids import uuid7
from codezest_db.models.learning import Cohort

# Locked in the order of their ids, as everything that locks several enrollments does.
_MOVE_BEGINNING = text("""
WITH members AS MATERIALIZED (
    SELECT id FROM learning.enrollments WHERE cohort_id = :cohort_id ORDER BY id FOR UPDATE)
UPDATE learning.enrollments e SET begins_at = :starts_at, updated_at = now() FROM members WHERE e.id = members.id
""")


async def create_cohort(session: AsyncSession, actor: Actor, course_id: UUID, new: NewCohort) -> UUID:
    """Add a cohort to a course.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ValidationFailed: its times contradict one another, or another cohort has the name.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    cohort = Cohort(id=uuid7(), course_id=course_id, **new.columns())
    _require_order(cohort)
    session.add(cohort)
    await _flush_named(session)
    await announce_rules(session, actor, course_id, "COHORT", cohort.id, act="CREATED")
    return cohort.id


async def change_cohort(session: AsyncSession, actor: Actor, cohort_id: UUID, change: CohortChange) -> None:
    """Change what is named. Another start moves the beginning of everybody in it.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ValidationFailed: its times contradict one another, or another cohort has the name.
    """
    course = await access_course_of(await driver_connection(session), actor, "cohort", cohort_id, Permission.AUTHOR)
    columns = change.columns()
    archived = columns.pop("archived", None)
    if "starts_at" in columns:
        # Enrollments are locked before the cohort, here as where somebody joins it. Who joins meanwhile waits for the cohort.
        await session.execute(_MOVE_BEGINNING, {"cohort_id": cohort_id, "starts_at": columns["starts_at"]})
    cohort = await lock_cohort(session, course.id, cohort_id)
    for name, value in columns.items():
        setattr(cohort, name, value)
    if archived is not None and archived is not (cohort.archived_at is not None):
        cohort.archived_at = now() if archived else None
    _require_order(cohort)
    await _flush_named(session)
    if "starts_at" in columns:
        await session.execute(_MOVE_BEGINNING, {"cohort_id": cohort_id, "starts_at": cohort.starts_at})
    await announce_rules(session, actor, course.id, "COHORT", cohort_id, act="CHANGED")


def _require_order(cohort: Cohort) -> None:
    if cohort.ends_at is not None and cohort.ends_at <= cohort.starts_at:
        raise ValidationFailed.of("ends_at", _("It has to end after it starts."))
    window = (cohort.enrol_from, cohort.enrol_until)
    if window[0] is not None and window[1] is not None and window[1] <= window[0]:
        raise ValidationFailed.of("enrol_until", _("Enrolling has to end after it begins."))


async def _flush_named(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        if "uq_cohorts_name" not in str(error.orig):
            raise
        raise ValidationFailed.of("name", _("Another cohort of this course has this name.")) from error
