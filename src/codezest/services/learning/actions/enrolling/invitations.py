"""What becomes of addresses that were enrolled before they had an account."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import Gone, NotFound
from codezest.services.learning.actions.enrolling.take_in import Way, take_in
from codezest.services.learning.actions.enrolling.write_rules import announce_rules
from codezest.services.learning.errors import CohortClosed, CoursesMissing, EnrolmentHeld
from codezest.services.learning.policies.enrolling import access_course_by_id
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest_db.enums import Role
from codezest_db.models.learning import EnrollmentInvitation
from codezest_db.views import verified_addresses

# Claimed before the letter leaves: no two workers send it, and one that fails is put back.
_CLAIM = text("""
UPDATE learning.enrollment_invitations SET mailed_at = now()
WHERE id = (
    SELECT i.id FROM learning.enrollment_invitations i
    WHERE i.mailed_at IS NULL AND i.accepted_at IS NULL
    ORDER BY i.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, email::text AS email, course_id,
    (SELECT c.title FROM learning.courses c
     WHERE c.id = course_id AND c.deleted_at IS NULL AND c.status = 'PUBLISHED') AS course,
    (SELECT c.spoken_language FROM learning.courses c WHERE c.id = course_id) AS spoken,
    (SELECT known.user_id FROM auth.verified_addresses known
     WHERE known.email = enrollment_invitations.email) AS user_id
""")
_PUT_BACK = text("UPDATE learning.enrollment_invitations SET mailed_at = NULL WHERE id = :id AND accepted_at IS NULL")
_FORGET = text("""
DELETE FROM learning.enrollment_invitations
WHERE id IN (SELECT id FROM learning.enrollment_invitations
             WHERE accepted_at IS NULL AND created_at < now() - interval '180 days' ORDER BY id LIMIT 1000)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLetter:
    """An invitation whose letter is to be sent."""

    id: UUID
    email: str
    course: str | None
    """Null where it is no longer offered."""
    spoken_language: str
    user_id: UUID | None
    """Whose address it turned out to be meanwhile."""


async def claim_letter(session: AsyncSession) -> DueLetter | None:
    """The next invitation without a letter, marked as having one; None where there is none left."""
    row = (await session.execute(_CLAIM)).one_or_none()
    if row is None:
        return None
    return DueLetter(id=row.id, email=row.email, course=row.course, spoken_language=row.spoken, user_id=row.user_id)


async def put_back(session: AsyncSession, invitation_id: UUID) -> None:
    """Its letter did not leave."""
    await session.execute(_PUT_BACK, {"id": invitation_id})


async def honour_invitations(session: AsyncSession, user_id: UUID) -> int:
    """Enrol somebody wherever their verified address was invited; returns how often. Doing it twice changes nothing.

    A cohort that is full or over by then keeps nobody out of the course. A course that is not offered at the moment, or one
    whose prerequisites are missing, stays an invitation.
    """
    address = select(verified_addresses.c.email).where(verified_addresses.c.user_id == user_id).scalar_subquery()
    waiting = await session.scalars(
        select(EnrollmentInvitation)
        .where(EnrollmentInvitation.email == address, EnrollmentInvitation.accepted_at.is_(None))
        .order_by(EnrollmentInvitation.course_id)
        .with_for_update()
    )
    taken = 0
    for invitation in waiting.all():
        taken += await _honour(session, user_id, invitation)
    return taken


async def _honour(session: AsyncSession, user_id: UUID, invitation: EnrollmentInvitation) -> bool:
    learner = Actor(user_id=user_id, role=Role.STUDENT)
    try:
        access = await access_course_by_id(await driver_connection(session), learner, invitation.course_id)
    except (NotFound, Gone):
        return False
    for cohort_id in dict.fromkeys((invitation.cohort_id, None)):
        way = Way(
            cohort_id=cohort_id,
            invited=True,
            waives_prerequisites=invitation.waives_prerequisites,
            waives_price=invitation.waives_price,
        )
        try:
            async with session.begin_nested():
                await take_in(session, user_id, access, way)
        except CohortClosed:
            continue
        except (CoursesMissing, EnrolmentHeld):
            return False
        invitation.user_id, invitation.accepted_at = user_id, await session.scalar(select(func.now()))
        await session.flush()
        return True
    return False


async def withdraw_invitation(session: AsyncSession, actor: Actor, invitation_id: UUID) -> None:
    """Forget an address that was invited and has not come.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_course_of(
        await driver_connection(session), actor, "invitation", invitation_id, Permission.AUTHOR
    )
    gone = await session.scalar(
        delete(EnrollmentInvitation)
        .where(EnrollmentInvitation.id == invitation_id, EnrollmentInvitation.accepted_at.is_(None))
        .returning(EnrollmentInvitation.id)
    )
    if gone is not None:
        await announce_rules(session, actor, course.id, "INVITATION", invitation_id, act="REVOKED")


async def forget_old_invitations(session: AsyncSession) -> None:
    """Delete a batch of those that nobody has answered in half a year."""
    await session.execute(_FORGET)
