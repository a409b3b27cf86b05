"""Enrol a list of addresses as one set: those with an account at once, the others as soon as they have one."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import EnrolledInCourse, LearnersListed
from codezest.kit import jobs, outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.read_list import lines_of
from codezest.services.learning.actions.enrolling.take_in import lock_cohort, require_joinable, require_seats
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.enrol_list import Planned, plan_list
from codezest.services.learning.repository import count_enrollment
from codezest.services.learning.schemas.enrolling import LearnerList, LineOutcome, ListOutcome
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Course

SEND_INVITATIONS = "learning.send_invitations"
"""The job that sends the letters that are due. No payload."""
MOST_LETTERS_A_DAY = 10_000
"""Of one person who teaches."""

_ENROL = text("""
INSERT INTO learning.enrollments (user_id, course_id, status, cohort_id, begins_at)
SELECT came.user_id, :course_id, 'ACTIVE', k.id, coalesce(k.starts_at, now())
FROM unnest(CAST(:users AS uuid[]), CAST(:cohorts AS uuid[])) came(user_id, cohort_id)
LEFT JOIN learning.cohorts k ON k.id = came.cohort_id
ON CONFLICT (user_id, course_id) DO NOTHING
RETURNING id, user_id
""")
_LOCK = text("SELECT id FROM learning.enrollments WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_RETURN = text("""
UPDATE learning.enrollments e SET status = 'ACTIVE', former_status = NULL, held_at = NULL, updated_at = now(),
    cohort_id = coalesce(k.id, e.cohort_id), begins_at = coalesce(k.starts_at, e.begins_at)
FROM unnest(CAST(:ids AS uuid[]), CAST(:cohorts AS uuid[])) came(id, cohort_id)
LEFT JOIN learning.cohorts k ON k.id = came.cohort_id
WHERE e.id = came.id AND e.status IN ('DROPPED', 'PENDING', 'PAUSED')
RETURNING e.id, e.user_id, old.status IN ('DROPPED', 'PENDING') AS counted_anew
""")
_MOVE = text("""
UPDATE learning.enrollments e SET cohort_id = k.id, begins_at = k.starts_at, updated_at = now()
FROM unnest(CAST(:ids AS uuid[]), CAST(:cohorts AS uuid[])) came(id, cohort_id)
JOIN learning.cohorts k ON k.id = came.cohort_id
WHERE e.id = came.id
""")
_INVITE = text("""
INSERT INTO learning.enrollment_invitations AS i
    (course_id, email, cohort_id, waives_prerequisites, waives_price, invited_by, user_id, accepted_at)
SELECT :course_id, came.email, came.cohort_id, :waives_prerequisites, :waives_price, :invited_by, came.user_id,
    CASE WHEN came.user_id IS NOT NULL THEN now() END
FROM unnest(CAST(:emails AS citext[]), CAST(:cohorts AS uuid[]), CAST(:users AS uuid[])) came(email, cohort_id, user_id)
ON CONFLICT (course_id, email) DO UPDATE SET
    cohort_id = excluded.cohort_id, waives_prerequisites = excluded.waives_prerequisites,
    waives_price = excluded.waives_price, user_id = coalesce(excluded.user_id, i.user_id),
    accepted_at = coalesce(i.accepted_at, excluded.accepted_at), updated_at = now()
""")
_LETTERS_TODAY = text("""
SELECT count(*) FROM learning.enrollment_invitations
WHERE invited_by = :user_id AND created_at > now() - interval '1 day'
""")


async def enrol_list(session: AsyncSession, actor: Actor, course_id: UUID, wanted: LearnerList) -> ListOutcome:
    """Say what a list does, and do it if asked to: everything that is in order, or nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; a priced course is an administrator's to fill.
        ValidationFailed: the list cannot be read, is too long, or the course is not published.
        CohortClosed: a cohort has no room for all.
    """
    course = await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    row = await session.get_one(Course, course_id)
    if row.price_minor > 0 and not actor.is_admin:
        raise Forbidden(_("This course has a price, so that only an administrator lets learners in."))
    if course.status is not PublicationStatus.PUBLISHED:
        raise ValidationFailed.of("text", _("Publish the course first: learners find nothing in it before."))
    lines = lines_of(wanted.text)
    connection = await driver_connection(session)
    planned = await plan_list(
        connection,
        course_id,
        lines,
        default_cohort=wanted.cohort_id,
        waive_prerequisites=wanted.waive_prerequisites,
    )
    if wanted.apply:
        await _apply(session, actor, course_id, planned, waives_prerequisites=wanted.waive_prerequisites)
    shown = [line.shown for line in planned]
    counts: dict[LineOutcome, int] = dict(Counter(line.outcome for line in shown))
    return ListOutcome(applied=wanted.apply, lines=shown, counts=counts)


async def _apply(
    session: AsyncSession, actor: Actor, course_id: UUID, planned: Sequence[Planned], *, waives_prerequisites: bool
) -> None:
    by_outcome: dict[LineOutcome, list[Planned]] = {}
    # In one order, so that two lists of the same people at once do not wait for each other.
    for line in sorted(planned, key=lambda line: (str(line.user_id), line.shown.email)):
        by_outcome.setdefault(line.shown.outcome, []).append(line)
    invited = by_outcome.get("invite", [])
    await _require_few_letters(session, actor, len(invited))
    back, moved = by_outcome.get("return", []), by_outcome.get("move", [])
    await session.execute(_LOCK, {"ids": [line.enrollment_id for line in (*back, *moved)]})
    fresh = by_outcome.get("enrol", [])
    new = (await session.execute(_ENROL, {"course_id": course_id, **_columns(fresh, "user_id", "users")})).all()
    returned = (await session.execute(_RETURN, _columns(back, "enrollment_id", "ids"))).all()
    await session.execute(_MOVE, _columns(moved, "enrollment_id", "ids"))
    await _require_room(session, course_id, [*fresh, *back, *moved])
    listed = [*invited, *fresh, *back, *moved, *by_outcome.get("nothing", [])]
    await session.execute(
        _INVITE,
        {
            "course_id": course_id,
            "emails": [line.shown.email for line in listed],
            "cohorts": [line.cohort_id for line in listed],
            "users": [line.user_id for line in listed],
            "waives_prerequisites": waives_prerequisites,
            "waives_price": actor.is_admin,
            "invited_by": actor.user_id,
        },
    )
    await count_enrollment(session, course_id, len(new) + sum(row.counted_anew for row in returned))
    if returned:
        await recount(session, [row.user_id for row in returned], course_id=course_id)
    await outbox.publish(
        session,
        *(
            EnrolledInCourse(user_id=row.user_id, course_id=course_id, enrollment_id=row.id)
            for row in (*new, *returned)
        ),
        LearnersListed(
            actor_user_id=actor.require_user(),
            course_id=course_id,
            enrolled=len(new),
            returned=len(returned),
            moved=len(moved),
            invited=len(invited),
        ),
    )
    if invited:
        await jobs.enqueue(session, SEND_INVITATIONS, {})


def _columns(lines: Sequence[Planned], attribute: str, name: str) -> dict[str, Any]:
    return {name: [getattr(line, attribute) for line in lines], "cohorts": [line.cohort_id for line in lines]}


async def _require_room(session: AsyncSession, course_id: UUID, lines: Sequence[Planned]) -> None:
    """Raise `CohortClosed` if a cohort is over, or holds more than it may now that all are in it."""
    for cohort_id in sorted({line.cohort_id for line in lines if line.cohort_id is not None}):
        cohort = await lock_cohort(session, course_id, cohort_id)
        require_joinable(cohort, invited=True)
        await require_seats(session, cohort, 0)


async def _require_few_letters(session: AsyncSession, actor: Actor, coming: int) -> None:
    if not coming:
        return
    sent = await session.scalar(_LETTERS_TODAY, {"user_id": actor.user_id})
    if (sent or 0) + coming > MOST_LETTERS_A_DAY:
        raise ValidationFailed.of(
            "text", _("That would be more than %(most)s invitations in a day.") % {"most": MOST_LETTERS_A_DAY}
        )
