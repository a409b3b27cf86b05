"""Reads of downloads of one's data."""

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.services.auth.errors import ExportNotFound
from codezest.services.auth.schemas.account import DataExportOut
from codezest.services.auth.ways_in.errors import ProofNeeded
from codezest.services.auth.ways_in.queries import is_proved

EXPORTS = """
SELECT id, CASE WHEN status = 'READY' AND expires_at <= now() THEN 'EXPIRED' ELSE status END AS status, size_bytes,
       created_at, ready_at, expires_at
FROM auth.data_exports WHERE user_id = $1 ORDER BY id DESC LIMIT 10
"""
FILE = """
SELECT file_key FROM auth.data_exports WHERE id = $1 AND user_id = $2 AND status = 'READY' AND expires_at > now()
"""


async def exports_of(pool: Pool, actor: Actor) -> list[DataExportOut]:
    """The actor's latest downloads, the newest first."""
    return [DataExportOut.model_validate(dict(row)) for row in await pool.fetch(EXPORTS, actor.require_user())]


async def export_file(pool: Pool, actor: Actor, export_id: UUID) -> str:
    """The storage key of the archive.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        ExportNotFound: the actor has no such download, or its time is over.
    """
    key: str | None = await pool.fetchval(FILE, export_id, actor.require_user())
    if key is None:
        raise ExportNotFound
    if not await is_proved(pool, actor.session_id):
        raise ProofNeeded
    return key
