"""The worker process: takes jobs from the queue, relays events, keeps the schedule, until told to stop.

A job belongs to the worker that took it while its heartbeat is fresh; a worker that is killed loses its jobs to the next
one after `job_heartbeat_seconds`. A lost database connection ends one round of work, never the process.

Jobs that run programs have a lane of their own. From it a worker takes one job at a time and never more than it can run,
because the queue decides who is next only when a job is taken: those taken ahead of need would keep out whoever comes
later and should go first. Jobs in bulk have another, so that neither a program nor a letter ever waits for them; they see
to it themselves that they run programs only while nobody else does. Short jobs have the third, so that a letter never waits
for a program.
"""

import asyncio
import contextlib
import functools
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
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
LONGEST_POLL = timedelta(seconds=10)
"""New jobs are notified of; the queue is looked at anyway for those that a worker left behind, and for a notice that got lost."""
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Kinds of jobs that share a limit."""

    jobs: Sequence[Job]
    recurring: Sequence[Recurring] = ()
    batch: int
    """How many are taken in one go."""
    at_once: int
    runs_programs: bool = False
    """Whether it begins only when programs can be run."""


def lanes(jobs: Sequence[Job], recurring: Sequence[Recurring], *, slots: int) -> list[Lane]:
    """The lanes of a worker that runs `slots` programs at once.

    One program more than that is taken, so that the database's work for one overlaps the run of another.
    """
    short = Lane(
        jobs=[job for job in jobs if not job.runs_programs and not job.in_bulk],
        recurring=recurring,
        batch=BATCH,
        at_once=MAX_JOBS_AT_ONCE,
    )
    programs = Lane(jobs=[job for job in jobs if job.runs_programs], batch=1, at_once=slots + 1, runs_programs=True)
    bulk = Lane(jobs=[job for job in jobs if job.in_bulk], batch=1, at_once=slots + 1, runs_programs=True)
    return [lane for lane in (short, programs, bulk) if lane.jobs or lane.recurring]


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


async def _round(database: Database, settings: Settings, lane: Lane, stop: asyncio.Event) -> None:
    """Work on one connection until told to stop or the connection breaks."""
    connection = await database.connect("ops")
    try:
        driver = AsyncpgDriver(connection)
        queue = PgQueuer(driver, channel=settings_of_queue().channel, queries=queue_queries(driver))
        for job in lane.jobs:
            queue.entrypoint(job.name, on_failure="hold", executor_factory=_retrying(job))(_entrypoint(job))
        for task in lane.recurring:
            queue.schedule(task.name, task.cron, clean_old=True)(_scheduled(task))

        async def stop_queue() -> None:
            await stop.wait()
            queue.shutdown.set()

        heartbeat = timedelta(seconds=settings.job_heartbeat_seconds)
        stopper = asyncio.create_task(stop_queue())
        try:
            await queue.run(
                dequeue_timeout=min(LONGEST_POLL, heartbeat),
                batch_size=lane.batch,
                max_concurrent_tasks=lane.at_once,
                heartbeat_timeout=heartbeat,
                shutdown_on_listener_failure=True,
            )
        finally:
            stopper.cancel()
    finally:
        with contextlib.suppress(*CONNECTION_ERRORS):
            await connection.close(timeout=2)


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _keep_working(
    database: Database, settings: Settings, lane: Lane, *, stop: asyncio.Event, begins: asyncio.Event | None
) -> None:
    if begins is not None:
        await _either(begins, stop)
    while not stop.is_set():
        try:
            await _round(database, settings, lane, stop)
        except (*CONNECTION_ERRORS, FailingListenerError) as error:
            log.warning("queue_unavailable", error=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RETRY_SECONDS)


async def run_worker(
    database: Database,
    settings: Settings,
    *,
    jobs: Sequence[Job],
    recurring: Sequence[Recurring],
    subscriptions: Sequence[Subscription],
    stop: asyncio.Event,
    may_run: asyncio.Event | None = None,
) -> None:
    """Work until `stop` is set; jobs under way are finished first.

    Args:
        database: with the pools of all services.
        settings: of this process.
        jobs: what is taken from the queue.
        recurring: the schedule.
        subscriptions: who is told of which events.
        stop: ends it.
        may_run: no job that runs programs is taken before it is set. At once if absent.
    """
    relay = asyncio.create_task(relay_events(database, subscriptions, stop))
    slots = settings.worker_concurrency or os.cpu_count() or 1
    try:
        async with asyncio.TaskGroup() as working:
            for lane in lanes(jobs, recurring, slots=slots):
                begins = may_run if lane.runs_programs else None
                working.create_task(_keep_working(database, settings, lane, stop=stop, begins=begins))
    finally:
        relay.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await relay
