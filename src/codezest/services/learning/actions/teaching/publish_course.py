"""The states of a course: a draft, offered to learners, archived."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseArchived, CoursePublished, CourseUnpublished
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.errors import CourseHasLearners, NotReady
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.queries.readiness import unmet
from codezest.services.learning.queries.teaching import outline_of_course
from codezest_db.enums import CourseKind, PublicationStatus
from codezest_db.models.learning import Assignment, Course, Enrollment, Material, Module, Quiz


async def change_status(session: AsyncSession, actor: Actor, course_id: UUID, status: PublicationStatus) -> None:
    """Publish a course, make it a draft again, or archive it; asking for the state it has changes nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the path of a language is an administrator's matter.
        NotReady: it is to be published and lacks something.
        CourseHasLearners: it is to be a draft and somebody takes it.
    """
    course = await access_course_to_change(session, actor, course_id)
    if course.status is status:
        return
    if course.kind is CourseKind.PATH and not actor.is_admin:
        raise Forbidden(_("An administrator publishes and archives the path of a language."))
    told = (actor.require_user(), course.id, course.title)
    match status:
        case PublicationStatus.PUBLISHED:
            await _check_course_ready(session, actor, course)
            course.published_at = course.published_at or now()
            event = CoursePublished(*told)
        case PublicationStatus.DRAFT:
            if await has_learners(session, course_id):
                raise CourseHasLearners
            event = CourseUnpublished(*told)
        case PublicationStatus.ARCHIVED:
            event = CourseArchived(*told)
    course.status = status
    await session.flush()
    await publish(session, event)


async def has_learners(session: AsyncSession, course_id: UUID) -> bool:
    """Whether anybody is, or was, enrolled."""
    return await session.scalar(select(Enrollment.id).where(Enrollment.course_id == course_id).limit(1)) is not None


async def _check_course_ready(session: AsyncSession, actor: Actor, course: Course) -> None:
    """The list that the studio shows, and what publishing each item on its own would ask for."""
    _role, outline = await outline_of_course(await driver_connection(session), actor, course.id, Permission.AUTHOR)
    missing = [lack.text for lack in unmet(outline)]
    if missing:
        raise NotReady(missing)
    for model in (Material, Assignment, Quiz):
        items = await session.scalars(
            select(model)
            .join(Module, Module.id == model.module_id)
            .where(
                Module.course_id == course.id,
                Module.deleted_at.is_(None),
                Module.status == PublicationStatus.PUBLISHED,
                model.deleted_at.is_(None),
                model.status == PublicationStatus.PUBLISHED,
            )
        )
        for item in items.all():
            try:
                await check_ready(session, item)
            except NotReady as error:
                missing += [f"{item.title}: {lack}" for lack in error.members["missing"]]
    if missing:
        raise NotReady(missing)
