"""Take out of the store what no row names: what a process left that ended between storing a file and writing it down."""

from collections.abc import Mapping
from datetime import timedelta

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.files import Files
from codezest.services.learning.actions.uploads.add_upload import SMALLER
from codezest.services.learning.actions.uploads.keep_upload import Folder

PATIENCE = timedelta(days=1)
"""A younger file may be about to be written down."""
KEEPERS: Mapping[Folder, str] = {
    "uploads": """SELECT 'uploads/' || id AS key FROM learning.uploads WHERE id IN (
        SELECT substr(key, 9)::uuid FROM unnest($1::text[]) key WHERE key ~ '^uploads/[0-9a-f-]{36}$')""",
    "imports": """SELECT 'imports/' || id AS key FROM learning.imports WHERE id IN (
        SELECT substr(key, 9)::uuid FROM unnest($1::text[]) key WHERE key ~ '^imports/[0-9a-f-]{36}$')""",
    "hand-ins": "SELECT file_key AS key FROM learning.hand_in_files WHERE file_key = ANY ($1)",
}
"""By folder: those of the keys that somebody keeps."""


async def clear_orphans(database: Database, files: Files) -> int:
    """Go through the whole store once; returns how many files were deleted. Running twice at once does no harm."""
    pool = database.pool("learning")
    before = now() - PATIENCE
    deleted = 0
    for folder, statement in KEEPERS.items():
        async for keys in files.listed(folder, before=before):
            kept = {row["key"] for row in await pool.fetch(statement, [key.removesuffix(SMALLER) for key in keys])}
            for key in keys:
                if key.removesuffix(SMALLER) not in kept:
                    await files.delete(key)
                    deleted += 1
    return deleted
