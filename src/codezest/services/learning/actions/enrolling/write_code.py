"""Codes that let learners in: made, revoked, redeemed.

A code is kept as it is, not hashed: those who teach have to see it again to hand it on. What it is worth is a place in one
course; it cannot be guessed (30 to the tenth), only its course's staff see it, and it can be revoked.
"""

import re
import secrets
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enrolling.take_in import Way, lock_cohort, take_in
from codezest.services.learning.actions.enrolling.write_rules import announce_rules
from codezest.services.learning.errors import CodeUnknown, CodeUnusable
from codezest.services.learning.policies.enrolling import access_course_by_id
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.enrolling import NewCode
from codezest_db.ids import uuid7
from codezest_db.models.learning import Enrollment, EnrollmentCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
MOST_OPEN_CODES = 500
"""Of one course at a time."""


def new_code() -> str:
    """Ten random letters and digits, none of which is easily taken for another."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def code_in(typed: str) -> str:
    """What somebody typed as it is stored: without spaces and hyphens, in capitals."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed).upper()


def code_shown(code: str) -> str:
    """In two groups, which are easier to read out."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


async def create_code(session: AsyncSession, actor: Actor, course_id: UUID, new: NewCode) -> UUID:
    """Make a code for a course.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; NotFound also for an unknown cohort.
        ValidationFailed: it would have expired already, or there are too many.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    if new.expires_at is not None and new.expires_at <= now():
        raise ValidationFailed.of("expires_at", _("This moment is over."))
    if new.cohort_id is not None:
        await lock_cohort(session, course_id, new.cohort_id)
    unrevoked = (
        select(func.count())
        .select_from(EnrollmentCode)
        .where(EnrollmentCode.course_id == course_id, EnrollmentCode.revoked_at.is_(None))
    )
    if (await session.scalar(unrevoked) or 0) >= MOST_OPEN_CODES:
        raise ValidationFailed(_("There are %(most)s codes already. Revoke some first.") % {"most": MOST_OPEN_CODES})
    made = EnrollmentCode(
        id=uuid7(), course_id=course_id, code=new_code(), created_by=actor.user_id, **new.model_dump()
    )
    session.add(made)
    await session.flush()
    await announce_rules(session, actor, course_id, "CODE", made.id, act="CREATED")
    return made.id


async def revoke_code(session: AsyncSession, actor: Actor, code_id: UUID) -> None:
    """Let nobody in with it any more; doing it twice changes nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_course_of(await driver_connection(session), actor, "code", code_id, Permission.AUTHOR)
    revoked = await session.scalar(
        update(EnrollmentCode)
        .where(EnrollmentCode.id == code_id, EnrollmentCode.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(EnrollmentCode.id)
    )
    if revoked is not None:
        await announce_rules(session, actor, course.id, "CODE", code_id, act="REVOKED")


async def redeem_code(session: AsyncSession, actor: Actor, typed: str) -> Enrollment:
    """Enrol the caller in the course, and the cohort, that a code leads to. Whoever is in already uses none of it up.

    Raises:
        Unauthenticated: nobody is signed in.
        CodeUnknown, CodeUnusable: there is none, or it is used up, expired or revoked.
        NotFound, ContentArchived: the course is not offered.
        CoursesMissing, EnrolmentHeld, CohortClosed: see `take_in`.
    """
    user_id = actor.require_user()
    code = await session.scalar(select(EnrollmentCode).where(EnrollmentCode.code == code_in(typed)))
    if code is None:
        raise CodeUnknown
    access = await access_course_by_id(await driver_connection(session), actor, code.course_id)
    way = Way(cohort_id=code.cohort_id, invited=True)
    enrollment, _new, changed = await take_in(session, user_id, access, way)
    if changed:
        await _use(session, code)
    return enrollment


async def _use(session: AsyncSession, code: EnrollmentCode) -> None:
    """Count one use in the statement that looks whether there is one left: of two last ones at once, one fails."""
    counted = await session.scalar(
        update(EnrollmentCode)
        .where(
            EnrollmentCode.id == code.id,
            EnrollmentCode.revoked_at.is_(None),
            or_(EnrollmentCode.expires_at.is_(None), EnrollmentCode.expires_at > func.now()),
            or_(EnrollmentCode.max_uses.is_(None), EnrollmentCode.uses < EnrollmentCode.max_uses),
        )
        .values(uses=EnrollmentCode.uses + 1)
        .returning(EnrollmentCode.id)
        .execution_options(synchronize_session=False)
    )
    if counted is None:
        raise CodeUnusable(_("It was used up, has expired or was withdrawn. Ask whoever gave it to you for another."))
