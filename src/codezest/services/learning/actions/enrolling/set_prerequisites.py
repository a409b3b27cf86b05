"""Say which courses come before another one: those that its author may name, and none that waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import PrerequisiteRefused
from codezest.services.learning.policies.authoring import writes
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Course, CoursePrerequisite

# A circle may run through courses of several authors, so that no lock of one course would do.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('learning:course_prerequisites', 0))")
_WAITING = text("""
WITH RECURSIVE waiting(id) AS (
    SELECT CAST(:course_id AS uuid)
    UNION
    SELECT p.course_id FROM waiting JOIN learning.course_prerequisites p ON p.prerequisite_id = waiting.id)
SELECT id FROM waiting WHERE id = ANY (CAST(:wanted AS uuid[]))
""")
"""Of the courses that are wanted, those that wait for this one, or are it."""


@dataclass(slots=True)
class Prerequisites:
    """What slugs of courses to complete before come to."""

    ids: list[UUID] = field(default_factory=list[UUID])
    unknown: list[str] = field(default_factory=list[str])
    """There is no such course, or none that the author may name: which of the two, nobody is told."""
    circular: list[str] = field(default_factory=list[str])
    """They wait for this course, or are this course."""


async def set_prerequisites(session: AsyncSession, actor: Actor, course_id: UUID, wanted: Sequence[UUID]) -> None:
    """Have these courses, each named once, come before a course that the caller writes.

    Raises:
        PrerequisiteRefused: a course is not one that the caller may name, or depends on this one.
    """
    await session.execute(_ONE_AT_A_TIME)
    known = await session.scalar(
        select(func.count()).select_from(Course).where(Course.id.in_(wanted), _may_be_named(actor, course_id))
    )
    if known != len(wanted):
        raise PrerequisiteRefused(_("A prerequisite is another course that is published, or yours."))
    if await _waiting(session, course_id, wanted):
        raise PrerequisiteRefused(_("One of these courses depends on this one: neither could ever be begun."))
    await replace_prerequisites(session, course_id, wanted)


async def find_prerequisites(
    session: AsyncSession, actor: Actor, course_id: UUID, slugs: Sequence[str]
) -> Prerequisites:
    """Which of these courses `set_prerequisites` would take, in their order. Until the transaction ends, nobody else names any."""
    await session.execute(_ONE_AT_A_TIME)
    named = select(Course.slug, Course.id).where(
        Course.slug.in_(slugs), or_(_may_be_named(actor, course_id), Course.id == course_id)
    )
    known = {row.slug: row.id for row in (await session.execute(named)).all()}
    waiting = await _waiting(session, course_id, list(known.values()))
    found = Prerequisites()
    for slug in dict.fromkeys(slugs):
        wanted = known.get(slug)
        if wanted is None:
            found.unknown.append(slug)
        elif wanted in waiting:
            found.circular.append(slug)
        else:
            found.ids.append(wanted)
    return found


async def replace_prerequisites(session: AsyncSession, course_id: UUID, wanted: Sequence[UUID]) -> None:
    """Write what was found to be right."""
    await session.execute(delete(CoursePrerequisite).where(CoursePrerequisite.course_id == course_id))
    session.add_all(CoursePrerequisite(course_id=course_id, prerequisite_id=needed) for needed in wanted)
    await session.flush()


async def _waiting(session: AsyncSession, course_id: UUID, wanted: Sequence[UUID]) -> set[UUID]:
    return set(await session.scalars(_WAITING, {"course_id": course_id, "wanted": list(wanted)}))


def _may_be_named(actor: Actor, course_id: UUID) -> ColumnElement[bool]:
    """Another course that is published, that the caller writes, or that comes before this one already."""
    kept = select(CoursePrerequisite.prerequisite_id).where(CoursePrerequisite.course_id == course_id)
    return and_(
        Course.id != course_id,
        Course.deleted_at.is_(None),
        or_(Course.status == PublicationStatus.PUBLISHED, writes(actor), Course.id.in_(kept)),
    )
