"""What the worker does with a course that came in as files: read it apart, see what it would do, and, once asked to, do it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from obstore.store import LocalStore
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseImported
from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.database import Database, driver_connection
from codezest.kit.files import Files
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.learning.actions.importing.carry_out import Outcome, carry_out
from codezest.services.learning.actions.importing.check_sender import check_sender
from codezest.services.learning.actions.importing.note_changes import note_changes
from codezest.services.learning.actions.importing.preview import by_outcome, is_agreed, plain, preview_of, with_changes
from codezest.services.learning.actions.importing.read_sent import read_course, unpacked
from codezest.services.learning.actions.importing.stage_import import IMPORT, key_of
from codezest.services.learning.actions.importing.take_arrivals import take_arrivals
from codezest.services.learning.actions.importing.task import Refused, Task, refuse_any, refused
from codezest.services.learning.actions.queue_question import check_changed_in
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest.services.learning.content.adopt import Adopted
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.policies.writer import name_source
from codezest.services.learning.queries.imports import fingerprint
from codezest_db.enums import ImportStatus, VersionSource
from codezest_db.models.learning import Import, Upload

MAX_PICK_UPS = 3
WORKING = (ImportStatus.PENDING, ImportStatus.APPLYING)

log = structlog.get_logger(__name__)


async def work_on(database: Database, settings: Settings, import_id: UUID) -> None:
    """Check an import, or take it over; nothing where it was given up or is done. Running twice does no harm."""
    files = Files.of(settings)
    task = await _begin(database, import_id)
    if task is None:
        return
    try:
        async with unpacked(files, settings, task) as folder:
            adopted = await read_course(database, settings, task, folder)
            with tempfile.TemporaryDirectory(prefix="codezest-import-") as aside:
                # A preview keeps no file of the course: what nobody takes over leaves nothing behind.
                kept = Files(LocalStore(Path(aside))) if task.is_preview else files
                uploads, problems = await take_arrivals(
                    kept, settings, adopted.arrivals.found.values(), course_id=task.target_id, user_id=task.user_id
                )
                refuse_any(problems)
                await _write(database, settings, task, adopted, uploads)
    except Refused as answer:
        await _refuse(database, import_id, answer.problems)


async def _begin(database: Database, import_id: UUID) -> Task | None:
    async with database.write("learning") as session:
        found = await _working(session, import_id)
        if found is None:
            return None
        found.pick_ups += 1
        if found.pick_ups > MAX_PICK_UPS:
            log.error("import_given_up", import_id=str(import_id))
            problem = Problem(".", None, "it could not be read, and this may be our mistake: try again later")
            await _note_refusal(session, found, [problem])
            return None
        try:
            await check_sender(session, found)
        except Refused as answer:
            await _note_refusal(session, found, answer.problems)
            return None
        return Task(
            import_id=found.id,
            user_id=found.user_id,
            course_id=found.course_id,
            target_id=found.target_id,
            name=found.name,
            is_preview=found.status is ImportStatus.PENDING,
        )


async def _working(session: AsyncSession, import_id: UUID) -> Import | None:
    wanted = select(Import).where(Import.id == import_id, Import.status.in_(WORKING)).with_for_update()
    return await session.scalar(wanted)


async def _write(database: Database, settings: Settings, task: Task, adopted: Adopted, uploads: list[Upload]) -> None:
    async with database.write("learning") as session:
        found = await _working(session, task.import_id)
        if found is None:
            return
        actor = await check_sender(session, found)
        revision = await fingerprint(await driver_connection(session), task.target_id)
        if not task.is_preview and revision != found.revision:
            await _show_again(session, found)
            return
        await name_source(session, VersionSource.FILES)
        attempt = _Attempt(session=session, task=task, actor=actor, found=found, limit_mb=settings.course_storage_mb)
        outcome, preview, stays = await attempt.make(adopted, uploads)
        await session.refresh(found)
        if stays:
            found.status = ImportStatus.APPLIED
            await _tell(session, found, adopted, outcome)
        elif task.is_preview:
            found.status, found.preview, found.revision, found.pick_ups = ImportStatus.READY, preview, revision, 0
        else:
            await _show_again(session, found)


async def _show_again(session: AsyncSession, found: Import) -> None:
    """What was agreed to is not what would happen."""
    found.status, found.outdated, found.pick_ups = ImportStatus.PENDING, True, 0
    await jobs.enqueue(session, IMPORT, {"import_id": str(found.id)})


class _TakenBack(Exception):
    """Ends what shall leave nothing behind."""


def _end(*, leaves_nothing: bool) -> None:
    if leaves_nothing:
        raise _TakenBack


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """To carry an import out; a preview, what has problems, and what nobody agreed to is taken back."""

    session: AsyncSession
    task: Task
    actor: Actor
    found: Import
    limit_mb: int

    async def make(self, adopted: Adopted, uploads: list[Upload]) -> tuple[Outcome, dict[str, Any], bool]:
        """What became of it, how it is shown, and whether it stays.

        Raises:
            Refused: it has problems.
        """
        shown = self.found.preview
        made: tuple[Outcome, dict[str, Any]] | None = None
        stays = False
        try:
            async with self.session.begin_nested():
                made = await self._carried_out(adopted, uploads)
                stays = not self.task.is_preview and not made[0].problems and is_agreed(made[1], shown)
                _end(leaves_nothing=not stays)
        except _TakenBack:
            pass
        except DBAPIError as error:
            raise refused(f"a value is not accepted: {_said_by(error)}") from None
        assert made is not None
        refuse_any(made[0].problems)
        return *made, stays

    async def _carried_out(self, adopted: Adopted, uploads: list[Upload]) -> tuple[Outcome, dict[str, Any]]:
        outcome = await carry_out(self.session, self.actor, self.found, adopted, uploads, limit_mb=self.limit_mb)
        preview = preview_of(outcome, adopted, files=len(uploads))
        if self.task.is_preview and not outcome.problems:
            things = outcome.report.things
            changes = await note_changes(self.session, self.task.target_id, things, outcome.requires)
            preview = with_changes(preview, changes)
        return outcome, preview


async def _tell(session: AsyncSession, found: Import, adopted: Adopted, outcome: Outcome) -> None:
    counts = {name: len(names) for name, names in by_outcome(outcome).items()}
    told = CourseImported(
        actor_user_id=found.user_id,
        course_id=found.target_id,
        import_id=found.id,
        title=adopted.tree.title,
        created=counts["CREATED"],
        changed=counts["CHANGED"],
        removed=counts["REMOVED"],
    )
    await publish(session, told)
    for course_id in outcome.report.course_ids:
        await ask_for_refresh(session, course_id)
    await check_changed_in(session, found.target_id)
    await jobs.enqueue(session, DELETE_FILES, {"keys": [key_of(found.id)]})


async def _refuse(database: Database, import_id: UUID, problems: list[Problem]) -> None:
    async with database.write("learning") as session:
        found = await _working(session, import_id)
        if found is not None:
            await _note_refusal(session, found, problems)


async def _note_refusal(session: AsyncSession, found: Import, problems: list[Problem]) -> None:
    """Why it does not come in is kept for a day; the ZIP is not."""
    found.status = ImportStatus.REFUSED
    found.preview = None
    found.problems = [plain(problem) for problem in problems]
    await jobs.enqueue(session, DELETE_FILES, {"keys": [key_of(found.id)]})


def _said_by(error: DBAPIError) -> str:
    """What the database says, without the value."""
    return str(error.orig).partition("\n")[0].rpartition(">: ")[2][:200]
