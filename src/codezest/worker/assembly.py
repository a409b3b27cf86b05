"""Brings the services' jobs, schedules and subscriptions together: the one table of background work."""

import asyncio

import structlog

from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.kit.mail import Mailer
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.services.auth import jobs as auth_jobs
from codezest.services.learning import jobs as learning_jobs
from codezest.worker.run import run_worker
from codezest_sandbox import IsolationUnavailable, Tier

log = structlog.get_logger(__name__)

SUBSCRIPTIONS: tuple[Subscription, ...] = ()
"""Reactions of one service to another's events; those of payments, notifications and activity come with them."""


async def work_until(stop: asyncio.Event, database: Database, settings: Settings, mailer: Mailer) -> None:
    """Run a worker until `stop` is set. Where code cannot be isolated, everything but grading runs, and the log says so."""
    await database.open("auth", "learning", "ops")
    grader = Grader(
        required_tier=Tier[settings.sandbox_tier],
        python=settings.sandbox_python or None,
        concurrency=settings.worker_concurrency or None,
    )
    try:
        await asyncio.to_thread(grader.start)
        log.info("grading_ready", tier=grader.tier().name)
    except IsolationUnavailable as error:
        log.error("grading_refused", reason=str(error))  # noqa: TRY400 - a reason, not a bug
    try:
        await run_worker(
            database,
            settings,
            jobs=[*auth_jobs.jobs(database, settings, mailer), *learning_jobs.jobs(database, settings, grader)],
            recurring=[*auth_jobs.recurring(database), *learning_jobs.recurring(database)],
            subscriptions=SUBSCRIPTIONS,
            stop=stop,
        )
    finally:
        await asyncio.to_thread(grader.close)
