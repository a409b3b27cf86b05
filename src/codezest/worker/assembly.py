"""Brings the services' jobs, schedules and subscriptions together: the one table of background work."""

import asyncio

from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.kit.mail import Mailer
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.services.auth import jobs as auth_jobs
from codezest.services.auth import subscribers as auth_subscribers
from codezest.services.learning import analysing as learning_analysing
from codezest.services.learning import inviting as learning_inviting
from codezest.services.learning import jobs as learning_jobs
from codezest.services.learning import running_questions as learning_questions
from codezest.services.learning import subscribers as learning_subscribers
from codezest.services.learning import trying as learning_trying
from codezest.services.learning.actions.importing import background as learning_imports
from codezest.services.learning.actions.uploads import background as learning_files
from codezest.worker import housekeeping
from codezest.worker.grader_start import GraderStart
from codezest.worker.presence import Presence
from codezest.worker.run import run_worker
from codezest_sandbox import Tier


def subscriptions(database: Database) -> list[Subscription]:
    """Reactions of one service to another's events; those of payments, notifications and activity come with them."""
    return [*auth_subscribers.subscriptions(database), *learning_subscribers.subscriptions(database)]


async def work_until(stop: asyncio.Event, database: Database, settings: Settings, mailer: Mailer) -> None:
    """Run a worker until `stop` is set.

    Where code cannot be isolated, everything but grading runs, and the log says so. Where the grader does not start for the
    moment, programs stay in the queue, and it is tried again.
    """
    await database.open("auth", "learning", "ops")
    grader = Grader(
        required_tier=Tier[settings.sandbox_tier],
        python=settings.sandbox_python or None,
        concurrency=settings.worker_concurrency or None,
    )
    starting = GraderStart(grader)
    settled = await starting.try_once()
    presence = Presence.of(database, grader, starting.refusal)
    announcing = asyncio.create_task(presence.keep_announcing(stop))

    async def keep_starting() -> None:
        await starting.keep_trying(stop)
        presence.refusal = starting.refusal

    trying = None if settled else asyncio.create_task(keep_starting())
    try:
        await run_worker(
            database,
            settings,
            jobs=[
                *auth_jobs.jobs(database, settings, mailer),
                *learning_jobs.jobs(database, settings, starting),
                *learning_subscribers.jobs(database, settings),
                *learning_files.jobs(settings),
                *learning_imports.jobs(database, settings),
                *learning_inviting.jobs(database, settings, mailer),
            ],
            recurring=[
                *auth_jobs.recurring(database, settings),
                *learning_jobs.recurring(database),
                *learning_files.recurring(database, settings),
                *learning_imports.recurring(database),
                *learning_inviting.recurring(database),
                *learning_trying.recurring(database),
                *learning_questions.recurring(database),
                *learning_analysing.recurring(database),
                *housekeeping.recurring(database, settings),
            ],
            subscriptions=subscriptions(database),
            stop=stop,
            may_run=starting.settled,
        )
    finally:
        ending = [announcing, *([] if trying is None else [trying])]
        if not stop.is_set():
            for task in ending:
                task.cancel()
        await asyncio.wait(ending)
        await asyncio.to_thread(grader.close)
