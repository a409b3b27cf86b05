"""Deletes what the background work has long done with, so that its tables stay as small as their use."""

from collections.abc import Mapping

import structlog

from codezest.kit.database import Database
from codezest.kit.jobs import Recurring
from codezest.kit.settings import Settings

BATCH = 1_000
# What is deleted, in days of `background_history_days`. Table and condition are ours, never input. Events that were given up
# stay: they have not happened yet for whoever was to hear of them.
PURGES: Mapping[str, str] = {
    "ops.outbox": "relayed_at < now() - make_interval(days => $1)",
    "ops.pgqueuer_log": "created < now() - make_interval(days => $1)",
    "ops.pgqueuer_statistics": "created < now() - make_interval(days => $1)",
    "ops.pgqueuer": "status = 'failed' AND updated < now() - make_interval(days => $1)",
    "ops.idempotency_keys": "created_at < now() - make_interval(days => $1)",
}

log = structlog.get_logger(__name__)


def recurring(database: Database, settings: Settings) -> list[Recurring]:
    """The worker's own schedule."""

    async def purge() -> None:
        deleted = await purge_background(database, days=settings.background_history_days)
        log.info("background_purged", **deleted)

    return [Recurring("ops.purge", "43 3 * * *", purge)]


async def purge_background(database: Database, *, days: int) -> dict[str, int]:
    """Delete what is older, in batches that hold no lock for long; returns how many rows by table."""
    await database.open("auth", "ops")
    pool = database.pool("ops")
    deleted = dict.fromkeys([*PURGES, "mail_requests"], 0)
    for table, condition in PURGES.items():
        statement = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {condition} LIMIT {BATCH})"  # noqa: S608
        while (gone := int((await pool.execute(statement, days)).split()[-1])) > 0:
            deleted[table] += gone
    while gone := await database.pool("auth").fetchval("SELECT auth.forget_mail_requests($1)", days):
        deleted["mail_requests"] += gone
    return deleted
