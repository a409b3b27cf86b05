"""What tries of authors have the worker do."""

import asyncio
import itertools
from uuid import UUID

import structlog

from codezest.grading import Grade, LanguageUnavailable, TestOutcome, UnknownLanguageError
from codezest.kit.broadcast import Message
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.turns import Turns
from codezest.services.learning.actions.teaching.try_assignment import (
    TRY,
    TrialTask,
    begin_trial,
    fail_trial,
    finish_trial,
    forget_trials,
    keep_result,
)
from codezest.services.learning.queries.trials import is_wanted
from codezest.services.learning.regrading import Grades
from codezest.services.learning.telling import telling
from codezest.services.learning.trial_results import result_of
from codezest_sandbox import IsolationUnavailable

LOOKED_AFTER = 1.0
"""Seconds after which a program that still runs is asked for again: its author may have withdrawn it."""

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
        for number, (side, _source) in enumerate(task.programs):
            grade = await _grade(database, grader, task, number)
            if grade is None:
                return
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
    async with telling(database, str(trial_id)) as tell:
        tell({"kind": "final"})


async def _grade(database: Database, grader: Grades, task: TrialTask, number: int) -> Grade | None:
    """Grade one of the programs, telling of each test as it ends; None where the try is withdrawn meanwhile."""
    side, source = task.programs[number]
    tests = len(task.spec.tests)
    done = itertools.count(number * tests + 1)
    async with telling(database, str(task.trial_id)) as tell:

        def on_outcome(outcome: TestOutcome) -> None:
            tell(_message(outcome, side, done=next(done), total=tests * len(task.programs)))

        grading = asyncio.ensure_future(grader.grade(task.spec, source, on_outcome))
        try:
            while not (await asyncio.wait({grading}, timeout=LOOKED_AFTER))[0]:
                if not await is_wanted(database.pool("learning"), task.trial_id):
                    return None
            return grading.result()
        finally:
            grading.cancel()
            await asyncio.wait({grading})


def _message(outcome: TestOutcome, side: str, *, done: int, total: int) -> Message:
    return {
        "kind": "test",
        "program": side,
        "index": outcome.index,
        "verdict": outcome.verdict.value,
        "time_ms": outcome.time_ms,
        "memory_kb": outcome.memory_kb,
        "done": done,
        "total": total,
    }
