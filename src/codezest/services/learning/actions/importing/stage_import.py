"""Take in the ZIP of a course, and what its sender decides once they have seen what it would do."""

from datetime import timedelta
from typing import IO
from uuid import UUID

from anyio import to_thread
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.context import Resources
from codezest.kit.errors import Conflict, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.uploads.accept import accept
from codezest.services.learning.actions.uploads.keep_upload import on_disk, store
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest.services.learning.errors import ImportNotReady
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest_db.enums import ImportStatus, PublicationStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, Import

IMPORT = "learning.import_course"
"""The job that checks, or takes over, what was sent. Payload: import_id."""
KEPT_FOR = timedelta(days=1)
MOST_OPEN = 10
"""Of one person, not taken over yet."""
OPEN = (ImportStatus.PENDING, ImportStatus.READY, ImportStatus.REFUSED, ImportStatus.APPLYING)


def key_of(import_id: UUID) -> str:
    """Where the ZIP lies in the store."""
    return f"imports/{import_id}"


async def stage_import(
    resources: Resources, actor: Actor, course_id: UUID | None, sent: IO[bytes], *, name: str
) -> UUID:
    """Keep a ZIP, and ask for it to be checked; returns the id of the import. It takes the place of what the caller sent
    before for the same course and has not taken over.

    Args:
        resources: database, store and settings.
        actor: who sends it.
        course_id: of the course that it changes; None: it becomes a course of the caller's.
        sent: the open file.
        name: what its sender calls it.

    Raises:
        Unauthenticated, NotFound, Forbidden: the caller does not write this course, or is no author.
        UploadRefused: it is no ZIP, or too large.
        Conflict: the caller has too many imports open, or the course is archived.
    """
    user_id = actor.require_author()
    if course_id is not None:
        await access_taught_course(resources.database.pool("learning"), actor, course_id, Permission.AUTHOR)
    file = await on_disk(sent)
    accepted = await to_thread.run_sync(accept, file, name, "IMPORT", resources.settings)
    import_id = uuid7()
    await store(resources.files, file, accepted, folder="imports", name=import_id)
    try:
        async with resources.database.write("learning") as session:
            by_owner = True
            if course_id is not None:
                _refuse_archived(await access_course_to_change(session, actor, course_id))
                by_owner = await _owns(resources, actor, course_id)
            await _replace_earlier(session, user_id, course_id)
            session.add(
                Import(
                    id=import_id,
                    user_id=user_id,
                    course_id=course_id,
                    target_id=course_id or uuid7(),
                    name=accepted.name,
                    size_bytes=accepted.size,
                    by_owner=by_owner,
                )
            )
            await session.flush()
            await _ask(session, import_id)
    except BaseException:
        await resources.files.delete(key_of(import_id))
        raise
    return import_id


def _refuse_archived(course: Course) -> None:
    if course.status is PublicationStatus.ARCHIVED:
        raise Conflict(_("This course is archived. Make it a draft or publish it before you import."))


async def _owns(resources: Resources, actor: Actor, course_id: UUID) -> bool:
    course = await access_taught_course(resources.database.pool("learning"), actor, course_id, Permission.AUTHOR)
    return course.may(Permission.OWN)


async def _replace_earlier(session: AsyncSession, user_id: UUID, course_id: UUID | None) -> None:
    """A course is changed by one import of a person at a time; new ones there may be several."""
    mine = select(Import).where(Import.user_id == user_id, Import.status.in_(OPEN))
    if course_id is not None:
        earlier = await session.scalars(
            mine.where(Import.course_id == course_id, Import.status != ImportStatus.APPLYING).with_for_update()
        )
        await forget(session, [one.id for one in earlier.all()])
    if (await session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_OPEN:
        raise Conflict(_("You have many imports that wait for you. Take them over or discard them first."))


async def apply_import(resources: Resources, actor: Actor, import_id: UUID) -> None:
    """Have it taken over as its preview says. Asking again changes nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: it is not the caller's, or they may no longer write the course.
        Conflict: the course is archived.
        ImportNotReady: it is still being checked, or was refused.
    """
    actor.require_author()
    async with resources.database.write("learning") as session:
        found = await _mine(session, actor, import_id)
        if found.course_id is not None:
            _refuse_archived(await access_course_to_change(session, actor, found.course_id))
            found.by_owner = await _owns(resources, actor, found.course_id)
        if found.status in {ImportStatus.APPLYING, ImportStatus.APPLIED}:
            return
        if found.status is not ImportStatus.READY:
            raise ImportNotReady
        found.status = ImportStatus.APPLYING
        found.pick_ups = 0
        found.outdated = False
        await session.flush()
        await _ask(session, import_id)


async def discard_import(session: AsyncSession, actor: Actor, import_id: UUID) -> None:
    """Give it up; what was taken over already stays.

    Raises:
        Unauthenticated, NotFound: it is not the caller's.
        ImportNotReady: it is being taken over at this moment.
    """
    found = await _mine(session, actor, import_id)
    if found.status is ImportStatus.APPLYING:
        raise ImportNotReady
    await forget(session, [found.id])


async def forget(session: AsyncSession, ids: list[UUID]) -> None:
    """Delete imports with their files."""
    if ids:
        await session.execute(delete(Import).where(Import.id.in_(ids)))
        await jobs.enqueue(session, DELETE_FILES, {"keys": [key_of(one) for one in ids]})


async def forget_old(session: AsyncSession, *, most: int = 500) -> int:
    """Forget what is older than a day; returns how many there were."""
    old = select(Import.id).where(Import.created_at < now() - KEPT_FOR).limit(most).with_for_update(skip_locked=True)
    ids = list(await session.scalars(old))
    await forget(session, ids)
    return len(ids)


async def _mine(session: AsyncSession, actor: Actor, import_id: UUID) -> Import:
    mine = select(Import).where(Import.id == import_id, Import.user_id == actor.require_user()).with_for_update()
    found = await session.scalar(mine)
    if found is None:
        raise NotFound
    return found


async def _ask(session: AsyncSession, import_id: UUID) -> None:
    await jobs.enqueue(
        session, IMPORT, {"import_id": str(import_id)}, priority=jobs.in_turn(0), dedupe_key=f"{IMPORT}:{import_id}"
    )
