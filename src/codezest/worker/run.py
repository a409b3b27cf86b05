"""The worker process: takes jobs from the queue, relays events, keeps the schedule, until told to stop.

A job belongs to the worker that took it while its heartbeat is fresh; a worker that is killed loses its jobs to the next
one after `job_heartbeat_seconds`. A lost database connection ends one round of work, never the process.
"""

import asyncio
import contextlib
import functools
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from pgqueuer.core.applications import PgQueuer
from pgqueuer.core.executors import (
    AbstractEntrypointExecutor,
    DatabaseRetryEntrypointExecutor,
    EntrypointExecutorParameters,
)
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.models import Schedule

from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.jobs import Job, Recurring
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.worker.relay import relay_events
from codezest_db.queue import AsyncpgDriver
from codezest_db.queue import queries as queue_queries
from codezest_db.queue import settings as settings_of_queue

BATCH = 4
MAX_JOBS_AT_ONCE = 32
POLL = timedelta(seconds=2)
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)


def _retrying(job: Job) -> Callable[[EntrypointExecutorParameters], AbstractEntrypointExecutor]:
    return functools.partial(
        DatabaseRetryEntrypointExecutor,
        max_attempts=job.max_attempts,
        initial_delay=timedelta(seconds=1),
        max_delay=timedelta(minutes=10),
    )


def _entrypoint(job: Job) -> Callable[[QueuedJob], Awaitable[None]]:
    async def run(queued: QueuedJob) -> None:
        payload: dict[str, Any] = json.loads(queued.payload or b"{}")
        try:
            await job.handler(payload)
        except Exception:
            log.exception("job_failed", job=job.name, attempt=queued.attempts, payload=payload)
            raise

    return run


def _scheduled(task: Recurring) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_schedule: Schedule) -> None:
        await task.handler()

    return run


async def _round(
    database: Database, settings: Settings, jobs: Sequence[Job], recurring: Sequence[Recurring], stop: asyncio.Event
) -> None:
    """Work on one connection until told to stop or the connection breaks."""
    connection = await database.connect("ops")
    try:
        driver = AsyncpgDriver(connection)
        queue = PgQueuer(driver, channel=settings_of_queue().channel, queries=queue_queries(driver))
        for job in jobs:
            queue.entrypoint(job.name, on_failure="hold", executor_factory=_retrying(job))(_entrypoint(job))
        for task in recurring:
            queue.schedule(task.name, task.cron, clean_old=True)(_scheduled(task))

        async def stop_queue() -> None:
            await stop.wait()
            queue.shutdown.set()

        stopper = asyncio.create_task(stop_queue())
        try:
            await queue.run(
                dequeue_timeout=POLL,
                batch_size=BATCH,
                max_concurrent_tasks=MAX_JOBS_AT_ONCE,
                heartbeat_timeout=timedelta(seconds=settings.job_heartbeat_seconds),
                shutdown_on_listener_failure=True,
            )
        finally:
            stopper.cancel()
    finally:
        with contextlib.suppress(*CONNECTION_ERRORS):
            await connection.close(timeout=2)


async def run_worker(
    database: Database,
    settings: Settings,
    *,
    jobs: Sequence[Job],
    recurring: Sequence[Recurring],
    subscriptions: Sequence[Subscription],
    stop: asyncio.Event,
) -> None:
    """Work until `stop` is set; jobs under way are finished first."""
    relay = asyncio.create_task(relay_events(database, subscriptions, stop))
    try:
        while not stop.is_set():
            try:
                await _round(database, settings, jobs, recurring, stop)
            except (*CONNECTION_ERRORS, FailingListenerError) as error:
                log.warning("queue_unavailable", error=str(error))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_SECONDS)
    finally:
        relay.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await relay
