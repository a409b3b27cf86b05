"""Lay files ready to be handed in, one by one, so that nothing is lost by a lost connection."""

from typing import IO
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.context import Resources
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import enqueue
from codezest.services.learning.actions.uploads.accept import MEGABYTE
from codezest.services.learning.actions.uploads.keep_upload import KeptUpload, keep_upload
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest.services.learning.errors import NotHandedInSo
from codezest.services.learning.policies import AssignmentAccess, access_assignment
from codezest.services.learning.repository import lock_learner
from codezest_db.enums import AssignmentKind
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, HandInFile, Module

MOST_FILES = 10
"""Of one hand-in."""


async def lay_ready(
    resources: Resources, actor: Actor, assignment_id: UUID, sent: IO[bytes], *, name: str
) -> HandInFile:
    """Keep a file for the caller's next hand-in. The same file under the same name is kept once.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        NotHandedInSo: the assignment takes no files.
        UploadRefused: this file is not taken, there are too many, or they are too large together.
    """
    user_id = actor.require_user()
    access = await access_assignment(resources.database.pool("learning"), actor, assignment_id)
    takes_files(access)
    kept = await keep_upload(resources.files, resources.settings, sent, name=name, purpose="HAND_IN", folder="hand-ins")
    try:
        async with resources.database.write("learning") as session:
            await lock_learner(session, user_id)
            return await _write_down(session, access, user_id, kept, most_mb=resources.settings.hand_in_storage_mb)
    except BaseException:
        await resources.files.discard(kept.key)
        raise


def takes_files(access: AssignmentAccess) -> None:
    """Raises NotHandedInSo: the assignment takes none."""
    if access.kind is not AssignmentKind.FILE:
        raise NotHandedInSo(_("This assignment is not answered by files."))


async def _write_down(
    session: AsyncSession, access: AssignmentAccess, user_id: UUID, kept: KeptUpload, *, most_mb: int
) -> HandInFile:
    """Raises UploadRefused: there are too many, or they are too large together."""
    ready = await files_ready(session, user_id, access.item_id)
    digest = kept.sha256.hex()
    same = next((file for file in ready if file.sha256 == digest and file.name == kept.name), None)
    if same is not None:
        await enqueue(session, DELETE_FILES, {"keys": [kept.key]})
        return same
    if len(ready) >= MOST_FILES:
        raise UploadRefused("too-many", _("At most %(most)s files can be handed in.") % {"most": MOST_FILES})
    stored = await session.scalar(
        select(func.coalesce(func.sum(HandInFile.size_bytes), 0))
        .join(Assignment, Assignment.id == HandInFile.assignment_id)
        .join(Module, Module.id == Assignment.module_id)
        .where(HandInFile.user_id == user_id, Module.course_id == access.course_id)
    )
    if int(stored or 0) + kept.size_bytes > most_mb * MEGABYTE:
        raise UploadRefused(
            "no-room", _("Your files in this course may take %(most)s MB together.") % {"most": most_mb}
        )
    file = HandInFile(
        id=uuid7(),
        user_id=user_id,
        assignment_id=access.item_id,
        position=max((one.position for one in ready), default=-1) + 1,
        name=_free_name(kept.name, {one.name for one in ready}),
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        sha256=digest,
        file_key=kept.key,
    )
    session.add(file)
    await session.flush()
    return file


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where another file has it."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot else (ending, "")
    number, free = 2, name
    while free in taken:
        free = f"{stem} ({number}){ending}"
        number += 1
    return free


async def files_ready(session: AsyncSession, user_id: UUID, assignment_id: UUID) -> list[HandInFile]:
    """What the learner has laid ready, locked."""
    found = await session.scalars(
        select(HandInFile)
        .where(
            HandInFile.user_id == user_id,
            HandInFile.assignment_id == assignment_id,
            HandInFile.submission_id.is_(None),
        )
        .order_by(HandInFile.position)
        .with_for_update()
    )
    return list(found.all())


async def take_away(session: AsyncSession, actor: Actor, file_id: UUID) -> UUID:
    """Remove a file that is not handed in; returns the id of its assignment.

    Raises:
        Unauthenticated, NotFound: there is none, it is somebody else's, or it was handed in.
    """
    user_id = actor.require_user()
    gone = (
        await session.execute(
            delete(HandInFile)
            .where(HandInFile.id == file_id, HandInFile.user_id == user_id, HandInFile.submission_id.is_(None))
            .returning(HandInFile.file_key, HandInFile.assignment_id)
        )
    ).one_or_none()
    if gone is None:
        raise NotFound
    await enqueue(session, DELETE_FILES, {"keys": [gone.file_key]})
    return gone.assignment_id


async def access_ready_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID) -> AssignmentAccess:
    """An assignment that a person grades, which the caller may work on.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        NotHandedInSo: it is answered by a program.
    """
    access = await access_assignment(await driver_connection(session), actor, assignment_id)
    if access.kind is AssignmentKind.CODE:
        raise NotHandedInSo(_("This assignment is answered by a program."))
    return access
