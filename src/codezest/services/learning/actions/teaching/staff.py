"""Who teaches in a course: named, named otherwise, let go, and the owner's place handed on."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseStaffChanged
from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.policies.permissions import OWNER, Permission
from codezest_db.enums import Role, StaffRole
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, CourseStaff
from codezest_db.views import public_users, user_handles, verified_addresses

AUTHORS = frozenset({Role.INSTRUCTOR, Role.ADMIN})
MOST_STAFF = 100
"""Of one course, so that lists of them need no pages."""


async def set_staff(session: AsyncSession, actor: Actor, course_id: UUID, who: str, role: StaffRole) -> UUID:
    """Give somebody a role, or another one than they had; returns their id. The same again changes nothing.

    Args:
        session: the transaction.
        actor: the owner.
        course_id: of the course.
        who: an e-mail address, the name of a public page, or an id.
        role: the one to have from now on.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ValidationFailed: there is no such account, or the role is not for it.
    """
    course = await access_course_to_change(session, actor, course_id, Permission.OWN)
    user_id, platform_role = await _account(session, who)
    if user_id == course.instructor_user_id:
        raise ValidationFailed.of("who", _("This is the owner, who may do everything already."))
    if role is StaffRole.CO_INSTRUCTOR and platform_role not in AUTHORS:
        raise ValidationFailed.of("who", _must_be_instructor())
    staff = await session.scalars(select(CourseStaff).where(CourseStaff.course_id == course_id))
    members = {member.user_id: member for member in staff.all()}
    member = members.get(user_id)
    if member is None and len(members) >= MOST_STAFF:
        raise ValidationFailed.of("who", _("A course has at most %(most)s people on its staff.") % {"most": MOST_STAFF})
    former = member.role if member else None
    if former is role:
        return user_id
    if member is None:
        session.add(
            CourseStaff(id=uuid7(), course_id=course_id, user_id=user_id, role=role, added_by=actor.require_user())
        )
    else:
        member.role = role
    await session.flush()
    await _tell(session, actor, course_id, user_id, former=former, role=role)
    return user_id


async def remove_staff(session: AsyncSession, actor: Actor, course_id: UUID, user_id: UUID) -> None:
    """Take somebody's role away: the owner anybody's, everybody their own. Where there is none, nothing changes.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    own = user_id == actor.require_user()
    await access_course_to_change(session, actor, course_id, Permission.VIEW if own else Permission.OWN)
    member = await session.scalar(
        select(CourseStaff).where(CourseStaff.course_id == course_id, CourseStaff.user_id == user_id)
    )
    if member is None:
        return
    former = member.role
    await session.delete(member)
    await session.flush()
    await _tell(session, actor, course_id, user_id, former=former, role=None)


async def transfer_course(session: AsyncSession, actor: Actor, course_id: UUID, who: str) -> UUID:
    """Make somebody else the owner; who was it stays as a co-instructor. Returns the new owner's id.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ValidationFailed: there is no such account, or it teaches nothing.
    """
    course = await access_course_to_change(session, actor, course_id, Permission.OWN)
    user_id, platform_role = await _account(session, who)
    if platform_role not in AUTHORS:
        raise ValidationFailed.of("who", _must_be_instructor())
    former_owner = course.instructor_user_id
    if former_owner == user_id:
        return user_id
    former_role = await _leave_staff(session, course, user_id)
    course.instructor_user_id = user_id
    if former_owner is not None:
        session.add(
            CourseStaff(
                id=uuid7(),
                course_id=course_id,
                user_id=former_owner,
                role=StaffRole.CO_INSTRUCTOR,
                added_by=actor.require_user(),
            )
        )
    await session.flush()
    await _tell(session, actor, course_id, user_id, former=former_role, role=OWNER)
    if former_owner is not None:
        await _tell(session, actor, course_id, former_owner, former=OWNER, role=StaffRole.CO_INSTRUCTOR)
    return user_id


def _must_be_instructor() -> str:
    return _(
        "Only an instructor of this platform can write a course, and this account is none yet. "
        "An administrator can make it one."
    )


async def _leave_staff(session: AsyncSession, course: Course, user_id: UUID) -> StaffRole | None:
    member = await session.scalar(
        select(CourseStaff).where(CourseStaff.course_id == course.id, CourseStaff.user_id == user_id)
    )
    if member is None:
        return None
    await session.delete(member)
    return member.role


async def _account(session: AsyncSession, who: str) -> tuple[UUID, Role]:
    """Id and role on the platform of the account that somebody entered.

    Raises:
        ValidationFailed: there is none.
    """
    found = (
        await session.execute(select(public_users.c.id, public_users.c.role).where(_named(who.strip())))
    ).one_or_none()
    if found is None:
        raise ValidationFailed.of("who", _("There is no account of this address or name that can be used."))
    return found.id, found.role


def _named(who: str) -> ColumnElement[bool]:
    if "@" in who:
        return public_users.c.id.in_(select(verified_addresses.c.user_id).where(verified_addresses.c.email == who))
    try:
        return public_users.c.id.in_(
            select(verified_addresses.c.user_id).where(verified_addresses.c.user_id == UUID(who))
        )
    except ValueError:
        return public_users.c.id.in_(select(user_handles.c.user_id).where(user_handles.c.handle == who))


async def _tell(
    session: AsyncSession, actor: Actor, course_id: UUID, user_id: UUID, *, former: str | None, role: str | None
) -> None:
    await publish(
        session,
        CourseStaffChanged(
            actor_user_id=actor.require_user(), course_id=course_id, user_id=user_id, former_role=former, role=role
        ),
    )
