"""Whether whoever sent an import may still do what it does, at the moment when it is done."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden, NotFound
from codezest.services.learning.actions.importing.task import refused
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.policies.writer import name_writer
from codezest_db.enums import PublicationStatus, Role
from codezest_db.models.learning import Course, Import

_ROLE = text("SELECT role FROM auth.actors WHERE user_id = :user_id")


async def check_sender(session: AsyncSession, found: Import) -> Actor:
    """Who writes, as they may do now; nobody else changes the course of the import until the transaction ends.

    Raises:
        Refused: the account is barred or writes no courses any more, or the course is not theirs to change.
    """
    role = await session.scalar(_ROLE, {"user_id": found.user_id})
    if role is None:
        raise refused("the account that sent this is suspended, so nothing comes in by it")
    actor = Actor(user_id=found.user_id, role=Role(role))
    if not actor.is_author:
        raise refused("you no longer write courses here: ask an administrator")
    await name_writer(session, actor)
    if found.course_id is not None:
        found.by_owner = await _may_own(session, actor, found)
    return actor


async def _may_own(session: AsyncSession, actor: Actor, found: Import) -> bool:
    live = select(Course).where(Course.id == found.course_id, Course.deleted_at.is_(None))
    course = await session.scalar(live.with_for_update(key_share=True).execution_options(populate_existing=True))
    if course is None:
        raise refused("the course is gone")
    try:
        taught = await access_taught_course(await driver_connection(session), actor, course.id, Permission.AUTHOR)
    except (NotFound, Forbidden):
        raise refused("you no longer write this course: ask its owner") from None
    if course.status is PublicationStatus.ARCHIVED:
        raise refused("the course is archived: make it a draft or publish it, then send the ZIP again")
    return taught.may(Permission.OWN)
