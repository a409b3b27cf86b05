"""Delete a file of a course that is used nowhere."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import ContentRemoved
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.jobs import enqueue
from codezest.kit.outbox import publish
from codezest.services.learning.actions.uploads.add_upload import keys_of
from codezest.services.learning.actions.uploads.refusals import UploadInUse
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.uploads import upload as read_upload
from codezest_db.models.learning import Upload

DELETE_FILES = "learning.delete_files"
"""The job that takes files out of the store, once the rows that named them are gone."""


async def remove_upload(session: AsyncSession, actor: Actor, upload_id: UUID) -> UUID:
    """Delete a file and what was made of it; returns the id of its course.

    Raises:
        Unauthenticated, NotFound, Forbidden: the caller does not write its course.
        UploadInUse: says where it is used.
    """
    actor.require_user()
    connection = await driver_connection(session)
    course_id, _found = await read_upload(connection, upload_id)
    await access_taught_course(connection, actor, course_id, Permission.AUTHOR)
    # Whoever puts a file to use holds it until that is written down, so its use is looked up once it is ours alone.
    rows = (
        await session.scalars(
            select(Upload).where((Upload.id == upload_id) | (Upload.parent_id == upload_id)).with_for_update()
        )
    ).all()
    _course, found = await read_upload(connection, upload_id)
    if found.used_in:
        raise UploadInUse([use.title for use in found.used_in])
    name = next(row.name for row in rows if row.id == upload_id)
    await enqueue(session, DELETE_FILES, {"keys": [key for row in rows for key in keys_of(row)]})
    for row in sorted(rows, key=lambda row: row.parent_id is None):
        await session.delete(row)
        await session.flush()
    await publish(
        session,
        ContentRemoved(
            actor_user_id=actor.require_user(), kind="UPLOAD", content_id=upload_id, title=name, restored=False
        ),
    )
    return course_id
