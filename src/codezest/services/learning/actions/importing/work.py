"""What the worker does with a course that came in as files: read it apart, see what it would do, and, once asked to, do it."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from anyio import to_thread
from obstore.store import LocalStore
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseImported
from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.database import Database, driver_connection
from codezest.kit.files import FileMissing, Files
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.learning.actions.importing.carry_out import Outcome, carry_out
from codezest.services.learning.actions.importing.check_values import check_values
from codezest.services.learning.actions.importing.stage_import import IMPORT, key_of
from codezest.services.learning.actions.importing.take_arrivals import take_arrivals
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.actions.uploads.accept import MEGABYTE
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest.services.learning.content.adopt import Adopted, adopt, as_course
from codezest.services.learning.content.archive import ArchiveRefused, unpack
from codezest.services.learning.content.known import KnownIds, known_ids
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.content.read_apart import ReadingFailed, read_apart
from codezest.services.learning.content.report import Thing
from codezest.services.learning.policies.writer import name_source, name_writer
from codezest.services.learning.queries.imports import fingerprint
from codezest_db.enums import ImportStatus, VersionSource
from codezest_db.models.learning import Course, Import, Upload

MAX_PICK_UPS = 3
TEXT_MB = 200
"""What the texts of a course may take beside its files, unpacked."""
MOST_ADVICE = 200
WORKING = (ImportStatus.PENDING, ImportStatus.APPLYING)
REASONS = {
    "broken": "this is no ZIP, or a damaged one: pack the folder again",
    "too-large": "it unpacks to more than a course may hold",
    "path": "names consist of letters of English, digits, spaces, `.`, `_` and `-`, and begin with none of the last two",
    "not-a-file": "this is a link or a device: only files and folders come in",
    "encrypted": "this is locked with a password: pack the folder without one",
    "same-names": "two files differ in capitals only: rename one",
}
"""Why an archive is not taken apart, by the reason's name."""

log = structlog.get_logger(__name__)


class _Refused(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    import_id: UUID
    user_id: UUID
    course_id: UUID | None
    target_id: UUID
    name: str
    is_preview: bool


async def work_on(database: Database, settings: Settings, import_id: UUID) -> None:
    """Check an import, or take it over; nothing where it was given up or is done. Running twice does no harm."""
    files = Files.of(settings)
    task = await _begin(database, import_id)
    if task is None:
        return
    try:
        async with _unpacked(files, settings, task) as folder:
            adopted = await _read(database, settings, task, folder)
            with tempfile.TemporaryDirectory(prefix="codezest-import-") as aside:
                # A preview keeps no file of the course: what nobody takes over leaves nothing behind.
                kept = Files(LocalStore(Path(aside))) if task.is_preview else files
                uploads, problems = await take_arrivals(
                    kept, settings, adopted.arrivals.found.values(), course_id=task.target_id, user_id=task.user_id
                )
                _refuse_any(problems)
                await _write(database, settings, task, adopted, uploads)
    except _Refused as refused:
        await _refuse(database, import_id, refused.problems)


def _refuse_any(problems: list[Problem]) -> None:
    if problems:
        raise _Refused(problems)


async def _begin(database: Database, import_id: UUID) -> _Task | None:
    async with database.write("learning") as session:
        found = await _working(session, import_id)
        if found is None:
            return None
        found.pick_ups += 1
        if found.pick_ups > MAX_PICK_UPS:
            log.error("import_given_up", import_id=str(import_id))
            problem = Problem(".", None, "it could not be read, and this may be our mistake: try again later")
            _note_refusal(found, [problem])
            return None
        return _Task(
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


@asynccontextmanager
async def _unpacked(files: Files, settings: Settings, task: _Task) -> AsyncGenerator[Path]:
    """The folder that was sent, with a name that addresses of its media may begin with."""
    most = (settings.course_storage_mb + TEXT_MB) * MEGABYTE
    with tempfile.TemporaryDirectory(prefix="codezest-import-") as scratch, tempfile.TemporaryFile() as packed:
        folder = Path(scratch) / "course"
        folder.mkdir()
        try:
            await files.copy_to(key_of(task.import_id), packed)
            packed.seek(0)
            await to_thread.run_sync(lambda: unpack(packed, folder, most_bytes=most))
        except FileMissing:
            raise _Refused([Problem(task.name, None, "the file is gone: send it again")]) from None
        except ArchiveRefused as refused:
            raise _Refused([Problem(refused.path or task.name, None, REASONS[refused.reason])]) from None
        yield folder


async def _read(database: Database, settings: Settings, task: _Task, folder: Path) -> Adopted:
    try:
        content, problems = await read_apart(folder)
    except ReadingFailed:
        raise _Refused([Problem(".", None, "reading it takes more than it should: send a smaller course")]) from None
    if problems:
        raise _Refused(problems)
    if len(content.trees) != 1:
        raise _Refused([Problem(".", None, f"there are {len(content.trees)} courses here: send one at a time")])
    tree = as_course(content.trees[0])
    here: Path | None = None
    known = KnownIds()
    async with database.write("learning") as session:
        if task.course_id is not None:
            known = await known_ids(session, task.course_id)
            slug = await session.scalar(select(Course.slug).where(Course.id == task.course_id))
            here = settings.content_dir if slug == tree.folder.name else None
    adopted = await to_thread.run_sync(adopt, tree, task.target_id, known, here)
    adopted.advice = list(content.advice)[:MOST_ADVICE]
    if wrong := check_values(adopted.tree):
        raise _Refused(wrong)
    return adopted


async def _write(database: Database, settings: Settings, task: _Task, adopted: Adopted, uploads: list[Upload]) -> None:
    async with database.write("learning") as session:
        found = await _working(session, task.import_id)
        if found is None:
            return
        if task.course_id is not None and not await _lock(session, task.course_id):
            raise _Refused([Problem(".", None, "the course is gone")])
        revision = await fingerprint(await driver_connection(session), task.target_id)
        if not task.is_preview and revision != found.revision:
            # What was agreed to is not what would happen: it is shown again.
            found.status, found.outdated, found.pick_ups = ImportStatus.PENDING, True, 0
            await jobs.enqueue(session, IMPORT, {"import_id": str(found.id)})
            return
        await name_writer(session, Actor(user_id=found.user_id))
        await name_source(session, VersionSource.FILES)
        outcome = await _attempt(session, task, found, adopted, uploads, limit_mb=settings.course_storage_mb)
        preview = _preview(outcome, adopted, files=len(uploads))
        if task.is_preview:
            await session.refresh(found)
            found.status, found.preview, found.revision, found.pick_ups = ImportStatus.READY, preview, revision, 0
            return
        found.status, found.preview = ImportStatus.APPLIED, preview
        await _tell(session, found, adopted, outcome)


class _TakenBack(Exception):
    """Ends what shall leave nothing behind."""


def _end(*, leaves_nothing: bool) -> None:
    if leaves_nothing:
        raise _TakenBack


async def _attempt(
    session: AsyncSession, task: _Task, found: Import, adopted: Adopted, uploads: list[Upload], *, limit_mb: int
) -> Outcome:
    """What becomes of it; a preview, and what has problems, is taken back.

    Raises:
        _Refused: it has problems.
    """
    outcome: Outcome | None = None
    try:
        async with session.begin_nested():
            outcome = await carry_out(session, found, adopted, uploads, limit_mb=limit_mb)
            _end(leaves_nothing=task.is_preview or bool(outcome.problems))
    except _TakenBack:
        pass
    except DBAPIError as error:
        raise _Refused([Problem(".", None, f"a value is not accepted: {_said_by(error)}")]) from None
    assert outcome is not None
    _refuse_any(outcome.problems)
    return outcome


async def _tell(session: AsyncSession, found: Import, adopted: Adopted, outcome: Outcome) -> None:
    counts = {name: len(names) for name, names in _by_outcome(outcome).items()}
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
    await jobs.enqueue(session, DELETE_FILES, {"keys": [key_of(found.id)]})


def _by_outcome(outcome: Outcome) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = {"CREATED": [], "CHANGED": [], "REMOVED": []}
    for thing in outcome.report.things:
        found[thing.outcome].append(thing)
    return found


def _preview(outcome: Outcome, adopted: Adopted, *, files: int) -> dict[str, Any]:
    """As `learning.imports.preview` holds it."""
    things = [thing for things in _by_outcome(outcome).values() for thing in things]
    return {
        "title": adopted.tree.title,
        "things": [
            {
                "kind": thing.kind,
                "id": str(thing.id),
                "title": thing.title,
                "outcome": thing.outcome,
                "work": outcome.work.get(thing.id, 0),
            }
            for thing in things
        ],
        "unchanged": outcome.report.unchanged,
        "files": files,
        "warnings": outcome.warnings,
        "advice": [_plain(problem) for problem in adopted.advice],
    }


def _plain(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "line": problem.line, "message": problem.message}


async def _refuse(database: Database, import_id: UUID, problems: list[Problem]) -> None:
    async with database.write("learning") as session:
        found = await _working(session, import_id)
        if found is not None:
            _note_refusal(found, problems)


def _note_refusal(found: Import, problems: list[Problem]) -> None:
    found.status = ImportStatus.REFUSED
    found.preview = None
    found.problems = [_plain(problem) for problem in problems]


async def _lock(session: AsyncSession, course_id: UUID) -> bool:
    """Whether the course is there; nobody else changes it until the transaction ends."""
    live = select(Course.id).where(Course.id == course_id, Course.deleted_at.is_(None)).with_for_update(key_share=True)
    return await session.scalar(live) is not None


def _said_by(error: DBAPIError) -> str:
    """What the database says, without the value."""
    return str(error.orig).partition("\n")[0].rpartition(">: ")[2][:200]
