"""Set a mark, excuse a learner, or take that back: an entry is added, and the newest holds."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import GradeEntrySet
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.gradebook.find_column import find_column
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.gradebook import NewEntry
from codezest_db.enums import EnrollmentStatus, GradeEntryKind
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Enrollment, GradeColumn, GradeEntry

PERCENT = Decimal(100)


async def set_entry(session: AsyncSession, actor: Actor, course_id: UUID, new: NewEntry) -> GradeEntry:
    """Add an entry. Nobody sets their own.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the caller may grade there.
        ContentChangedElsewhere: there is a newer entry than the one that was looked at.
        ValidationFailed: names the field.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.GRADE)
    column = await find_column(session, course_id, new.column_id)
    await _check_learner(session, course_id, new.user_id, actor)
    newest, before = await _newest(session, column.id, new.user_id)
    revision = newest.revision if newest else 0
    if new.seen != revision:
        raise ContentChangedElsewhere(str(revision))
    kind, points = await _wanted(session, column, new, newest, before)
    reason = new.reason or None
    if reason is None and column.title is None and kind is not GradeEntryKind.CLEAR and new.action != "UNDO":
        raise ValidationFailed.of("reason", _("Say why this replaces what the work earned."))
    entry = GradeEntry(
        id=uuid7(),
        column_id=column.id,
        user_id=new.user_id,
        revision=revision + 1,
        kind=kind,
        points=points,
        reason=reason,
        set_by=actor.require_user(),
    )
    session.add(entry)
    try:
        await session.flush()
    except IntegrityError as error:
        # Two people at once: the unique revision lets one of them win.
        raise ContentChangedElsewhere(str(revision + 1)) from error
    await outbox.publish(
        session,
        GradeEntrySet(
            actor_user_id=actor.require_user(),
            course_id=course_id,
            user_id=new.user_id,
            column_id=new.column_id,
            entry_id=entry.id,
            kind=kind.value,
            points=None if points is None else str(points),
        ),
    )
    return entry


async def _check_learner(session: AsyncSession, course_id: UUID, user_id: UUID, actor: Actor) -> None:
    if user_id == actor.user_id:
        raise ValidationFailed.of("user_id", _("Nobody sets their own marks."))
    learns = select(Enrollment.id).where(
        Enrollment.course_id == course_id,
        Enrollment.user_id == user_id,
        Enrollment.status != EnrollmentStatus.DROPPED,
    )
    if await session.scalar(learns) is None:
        raise ValidationFailed.of("user_id", _("This is nobody who learns this course."))


async def _newest(session: AsyncSession, column_id: UUID, user_id: UUID) -> tuple[GradeEntry | None, GradeEntry | None]:
    """The entry that holds, and the one before it."""
    found = (
        await session.scalars(
            select(GradeEntry)
            .where(GradeEntry.column_id == column_id, GradeEntry.user_id == user_id)
            .order_by(GradeEntry.revision.desc())
            .limit(2)
        )
    ).all()
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)


async def _wanted(
    session: AsyncSession, column: GradeColumn, new: NewEntry, newest: GradeEntry | None, before: GradeEntry | None
) -> tuple[GradeEntryKind, Decimal | None]:
    if new.action == "UNDO":
        if newest is None:
            raise ValidationFailed.of("action", _("There is nothing to take back."))
        return (before.kind, before.points) if before else (GradeEntryKind.CLEAR, None)
    kind = GradeEntryKind(new.action)
    if kind is not GradeEntryKind.MARK:
        return kind, None
    most = await most_points(session, column)
    if new.points is None:
        raise ValidationFailed.of("points", _("Give the marks."))
    if new.points > most:
        raise ValidationFailed.of("points", _("At most %(most)s can be given.") % {"most": f"{most.normalize():f}"})
    return kind, new.points


async def most_points(session: AsyncSession, column: GradeColumn) -> Decimal:
    """What a mark in the column is out of."""
    if column.max_points is not None:
        return column.max_points
    if column.assignment_id is None:
        return PERCENT
    most = await session.scalar(select(Assignment.max_score).where(Assignment.id == column.assignment_id))
    assert most is not None
    return Decimal(most)
