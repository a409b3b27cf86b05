"""What the background work is done with is deleted after a while; what somebody still has to look at is not."""

import asyncpg

from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.worker import housekeeping
from codezest.worker.housekeeping import purge_background

DAYS = 30


async def test_what_is_long_over_is_deleted(database: Database, owner: asyncpg.Connection, settings: Settings) -> None:
    await owner.execute(
        """WITH past AS (SELECT now() - interval '31 days' AS long_ago)
           INSERT INTO ops.outbox (topic, payload, relayed_at, given_up_at)
           SELECT 'test.old', '{}'::jsonb, long_ago, NULL FROM past, generate_series(1, 2500)
           UNION ALL SELECT 'test.given_up', '{}', NULL, long_ago FROM past
           UNION ALL SELECT 'test.waiting', '{}', NULL, NULL
           UNION ALL SELECT 'test.new', '{}', now(), NULL"""
    )
    await owner.execute(
        """INSERT INTO ops.pgqueuer (priority, status, entrypoint, updated)
           VALUES (0, 'failed', 'test.old', now() - interval '31 days'), (0, 'failed', 'test.new', now()),
               (0, 'queued', 'test.waiting', now() - interval '31 days')"""
    )
    await owner.execute(
        """INSERT INTO ops.pgqueuer_log (created, job_id, status, priority, entrypoint)
           VALUES (now() - interval '31 days', 1, 'successful', 0, 'test.old'), (now(), 2, 'successful', 0, 'test.new')"""
    )
    await owner.execute(
        """INSERT INTO auth.audit_entries (action, subject_type, created_at)
           VALUES ('mail.requested', 'user', now() - interval '31 days'), ('mail.requested', 'user', now()),
               ('user.suspended', 'user', now() - interval '31 days')"""
    )
    deleted = await purge_background(database, days=DAYS)
    assert deleted["ops.outbox"] == 2500
    assert (deleted["ops.pgqueuer"], deleted["ops.pgqueuer_log"], deleted["mail_requests"]) == (1, 1, 1)
    left = await owner.fetch("SELECT topic FROM ops.outbox WHERE topic LIKE 'test.%' ORDER BY topic")
    assert [row["topic"] for row in left] == ["test.given_up", "test.new", "test.waiting"]
    left = await owner.fetch("SELECT entrypoint FROM ops.pgqueuer WHERE entrypoint LIKE 'test.%' ORDER BY entrypoint")
    assert [row["entrypoint"] for row in left] == ["test.new", "test.waiting"]
    left = await owner.fetch("SELECT action FROM auth.audit_entries ORDER BY action")
    assert [row["action"] for row in left] == ["mail.requested", "user.suspended"]
    assert not any((await purge_background(database, days=DAYS)).values())
    (recurring,) = housekeeping.recurring(database, settings)
    await recurring.handler()


async def test_requests_for_letters_stay_as_long_as_they_are_counted(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        """INSERT INTO auth.audit_entries (action, subject_type, created_at)
           VALUES ('mail.requested', 'counted', now() - interval '2 days')"""
    )
    await purge_background(database, days=0)
    assert await owner.fetchval("SELECT count(*) FROM auth.audit_entries WHERE subject_type = 'counted'") == 1
