"""Keep how far a material was read or watched."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import LOCKED_BY, Reader, admit, caller, item_source
from codezest_db.ids import uuid7

KEEP = f"""
WITH target AS MATERIALIZED (
    SELECT a.access, {LOCKED_BY}, i.id
    {item_source("MATERIAL")}
    WHERE i.id = $1
), kept AS (
    INSERT INTO learning.material_progress AS p
        (id, user_id, material_id, status, started_at, last_viewed_at, reading_position, video_seconds)
    SELECT $4, $2, target.id, 'IN_PROGRESS', now(), now(), $5::double precision, $6::double precision
    FROM target WHERE target.access IN ('open', 'staff')
    ON CONFLICT (user_id, material_id) DO UPDATE SET
        reading_position = coalesce(excluded.reading_position, p.reading_position),
        video_seconds = coalesce(excluded.video_seconds, p.video_seconds),
        last_viewed_at = now(),
        updated_at = now()
)
SELECT target.access, target.locked_by, target.opens_at FROM target
"""


async def keep_position(
    writer: Reader, actor: Actor, material_id: UUID, *, reading: float | None = None, seconds: float | None = None
) -> None:
    """Keep where the caller is, in one statement; `writer` is a pool, whose every statement is a transaction.

    `reading` is how far down the text, 0 to 1, and `seconds` where the film stands. None leaves what is kept.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    admit(await writer.fetchrow(KEEP, material_id, *caller(actor), uuid7(), reading, seconds))
