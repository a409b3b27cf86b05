"""The background work of files: deleting what was given up, and clearing away what nobody keeps."""

import structlog

from codezest.kit.database import Database
from codezest.kit.files import FileMissing, Files
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.settings import Settings
from codezest.services.learning.actions.uploads.clear_orphans import clear_orphans
from codezest.services.learning.actions.uploads.copy_files import COPY_FILES
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES

log = structlog.get_logger(__name__)


def jobs(settings: Settings) -> list[Job]:
    """What is asked for in the transaction that gives files up."""
    files = Files.of(settings)

    async def delete_files(payload: Payload) -> None:
        for key in payload["keys"]:
            await files.delete(key)

    async def copy_files(payload: Payload) -> None:
        for key, target in payload["pairs"]:
            try:
                await files.copy(key, target)
            except FileMissing:
                log.warning("file_missing", key=key)

    return [Job(DELETE_FILES, delete_files), Job(COPY_FILES, copy_files)]


def recurring(database: Database, settings: Settings) -> list[Recurring]:
    """What is looked for every night. The pool of `learning` must be open."""
    files = Files.of(settings)

    async def clear() -> None:
        log.info("files_cleared", deleted=await clear_orphans(database, files))

    return [Recurring("learning.clear_orphans", "19 4 * * *", clear)]
