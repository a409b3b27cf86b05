"""What tries of authors have the worker do."""

from uuid import UUID

import structlog

from codezest.grading import LanguageUnavailable, UnknownLanguageError
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.turns import Turns
from codezest.services.learning.actions.teaching.try_assignment import (
    TRY,
    begin_trial,
    fail_trial,
    finish_trial,
    forget_trials,
    keep_result,
)
from codezest.services.learning.regrading import Grades
from codezest.services.learning.trial_results import result_of
from codezest_sandbox import IsolationUnavailable

log = structlog.get_logger(__name__)


def jobs(database: Database, grader: Grades, turns: Turns) -> list[Job]:
    """The job of one try. It takes a turn for both programs: a person waits for it."""

    async def try_it(payload: Payload) -> None:
        async with turns.urgent():
            await try_assignment(database, grader, UUID(payload["trial_id"]))

    return [Job(TRY, try_it, runs_programs=True)]


def recurring(database: Database) -> list[Recurring]:
    """What is cleared away."""

    async def forget() -> None:
        async with database.write("learning") as session:
            await forget_trials(session)

    return [Recurring("learning.forget_trials", "27 * * * *", forget)]


async def try_assignment(database: Database, grader: Grades, trial_id: UUID) -> None:
    """Run both programs one after the other, and store what comes of each. No transaction is open while one runs."""
    async with database.write("learning") as session:
        task = await begin_trial(session, trial_id)
    if task is None:
        return
    problem: str | None = None
    try:
        for side, source in task.programs:
            grade = await grader.grade(task.spec, source)
            async with database.write("learning") as session:
                await keep_result(session, trial_id, side, result_of(grade, mode=task.mode))
    except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as refusal:
        log.error("trial_refused", trial_id=str(trial_id), reason=str(refusal))  # noqa: TRY400 - no bug
        problem = _("Programs in this language are not run on this server at the moment.")
    async with database.write("learning") as session:
        if problem is None:
            await finish_trial(session, trial_id)
        else:
            await fail_trial(session, trial_id, problem)
