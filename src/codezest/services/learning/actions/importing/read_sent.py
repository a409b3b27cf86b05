"""Take the ZIP of an import apart, read what is in it, and make of it what may be stored in its course."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import to_thread
from sqlalchemy import select

from codezest.kit.database import Database
from codezest.kit.files import FileMissing, Files
from codezest.kit.settings import Settings
from codezest.services.learning.actions.importing.check_values import check_values
from codezest.services.learning.actions.importing.stage_import import key_of
from codezest.services.learning.actions.importing.task import Refused, Task, refuse_any, refused
from codezest.services.learning.actions.uploads.accept import MEGABYTE
from codezest.services.learning.content.adopt import Adopted, adopt, as_course
from codezest.services.learning.content.archive import ArchiveRefused, unpack
from codezest.services.learning.content.known import KnownIds, known_ids
from codezest.services.learning.content.read_apart import ReadingFailed, read_apart
from codezest_db.models.learning import Course

TEXT_MB = 200
"""What the texts of a course may take beside its files, unpacked."""
MOST_ADVICE = 200
REASONS = {
    "broken": "this is no ZIP, or a damaged one: pack the folder again",
    "too-large": "it unpacks to more than a course may hold",
    "too-dense": "it unpacks to far more than its size, as no course does: leave out files that repeat themselves",
    "path": "names consist of letters of English, digits, spaces, `.`, `_` and `-`, and begin with none of the last two",
    "not-a-file": "this is a link or a device: only files and folders come in",
    "encrypted": "this is locked with a password: pack the folder without one",
    "packing": "this is packed in a way that is not read here: pack the folder as a plain ZIP",
    "same-names": "two files have this name, differ in capitals only, or one is the folder of the other: rename one",
}
"""Why an archive is not taken apart, by the reason's name."""


@asynccontextmanager
async def unpacked(files: Files, settings: Settings, task: Task) -> AsyncGenerator[Path]:
    """The folder that was sent, with a name that addresses of its media may begin with.

    Raises:
        Refused: the ZIP is gone, or is not taken apart.
    """
    most = (settings.course_storage_mb + TEXT_MB) * MEGABYTE
    with tempfile.TemporaryDirectory(prefix="codezest-import-") as scratch, tempfile.TemporaryFile() as packed:
        folder = Path(scratch) / "course"
        folder.mkdir()
        try:
            await files.copy_to(key_of(task.import_id), packed)
            packed.seek(0)
            await to_thread.run_sync(lambda: unpack(packed, folder, most_bytes=most))
        except FileMissing:
            raise refused("the file is gone: send it again", path=task.name) from None
        except ArchiveRefused as error:
            raise refused(REASONS[error.reason], path=error.path or task.name) from None
        yield folder


async def read_course(database: Database, settings: Settings, task: Task, folder: Path) -> Adopted:
    """The course in a folder, as it may be stored.

    Raises:
        Refused: it cannot be read, or says what no form would take.
    """
    try:
        content, problems = await read_apart(folder)
    except ReadingFailed:
        raise refused("reading it takes more than it should: send a smaller course") from None
    refuse_any(problems)
    if len(content.trees) != 1:
        raise refused(f"there are {len(content.trees)} courses here: send one at a time")
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
        raise Refused(wrong)
    return adopted
