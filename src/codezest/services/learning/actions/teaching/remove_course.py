"""Delete a course that nobody takes, and bring it back."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseRemoved
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import Forbidden, NotFound
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.note_removal import note_deleter
from codezest.services.learning.actions.teaching.create_course import free_slug
from codezest.services.learning.actions.teaching.publish_course import has_learners
from codezest.services.learning.errors import CourseHasLearners
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.repository import flush_named
from codezest_db.enums import CourseKind
from codezest_db.models.learning import Course


async def remove_course(session: AsyncSession, actor: Actor, course_id: UUID) -> None:
    """Mark a course as deleted.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the path of a language goes with its language.
        CourseHasLearners: somebody takes it, or has.
    """
    course = await access_course_to_change(session, actor, course_id, Permission.OWN)
    if course.kind is CourseKind.PATH:
        raise Forbidden(_("The path of a language is deleted together with it."))
    if await has_learners(session, course_id):
        raise CourseHasLearners
    course.deleted_at = now()
    await session.flush()
    await note_deleter(session, actor, course)
    await _tell(session, actor, course, restored=False)


async def restore_course(session: AsyncSession, actor: Actor, course_id: UUID) -> None:
    """Bring a deleted course back, under another address where its own is taken meanwhile; doing it twice changes nothing.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: there is none of the caller's own.
    """
    user_id = actor.require_author()
    course = await session.scalar(
        select(Course).where(Course.id == course_id, Course.kind == CourseKind.COURSE).with_for_update(key_share=True)
    )
    if course is None or not (actor.is_admin or course.instructor_user_id == user_id):
        raise NotFound
    if course.deleted_at is None:
        return
    taken = await session.scalar(select(Course.id).where(Course.slug == course.slug, Course.deleted_at.is_(None)))
    if taken is not None:
        course.slug = await free_slug(session, course.slug)
    course.deleted_at = None
    await flush_named(session)
    await _tell(session, actor, course, restored=True)


async def _tell(session: AsyncSession, actor: Actor, course: Course, *, restored: bool) -> None:
    await publish(
        session,
        CourseRemoved(actor_user_id=actor.require_user(), course_id=course.id, title=course.title, restored=restored),
    )
