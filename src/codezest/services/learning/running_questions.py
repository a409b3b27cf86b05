"""What questions that are answered by a program have the worker do."""

import contextlib
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from codezest.grading import Grade, LanguageUnavailable, UnknownLanguageError
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.turns import Turns
from codezest.services.learning.actions.question_runs.begin_run import RunTask, begin_run, give_back
from codezest.services.learning.actions.question_runs.record_run import fail_run, forget_samples, record_run
from codezest.services.learning.actions.queue_question import RUN, queue_job
from codezest.services.learning.question_results import GAVE_UP, NOT_RUN_HERE
from codezest.services.learning.regrading import Grades
from codezest.services.learning.retries import FORGOTTEN_AFTER, MAX_GRADING_ATTEMPTS, retry_delay
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable

log = structlog.get_logger(__name__)


def jobs(database: Database, grader: Grades, turns: Turns) -> list[Job]:
    """The job of one program. It takes turns with those of submissions."""

    async def run(payload: Payload) -> None:
        run_id, attempt = UUID(payload["run_id"]), int(payload.get("attempt", 1))
        # A program whose worker died may have been its death, and next time must take no other one with it.
        lost = await lost_before(database, run_id, attempt=attempt)
        async with turns.alone() if lost else turns.urgent():
            await run_question(database, grader, run_id, attempt=attempt)

    return [Job(RUN, run, runs_programs=True)]


def recurring(database: Database) -> list[Recurring]:
    """What is looked after."""

    async def remember() -> None:
        await enqueue_forgotten(database)

    async def forget() -> None:
        async with database.write("learning") as session:
            await forget_samples(session)

    return [
        Recurring("learning.enqueue_forgotten_questions", "* * * * *", remember),
        Recurring("learning.forget_samples", "37 * * * *", forget),
    ]


async def lost_before(database: Database, run_id: UUID, *, attempt: int) -> bool:
    """Whether a worker has begun this attempt at running it already and was never heard of again."""
    pick_ups = await database.pool("learning").fetchval(
        "SELECT pick_ups FROM learning.question_runs WHERE id = $1", run_id
    )
    return pick_ups is not None and int(pick_ups) >= attempt


async def run_question(database: Database, grader: Grades, run_id: UUID, *, attempt: int = 1) -> None:
    """Run one program and store the result. No transaction is open while it runs.

    Where we fail (verdict IE), it is tried again later; after the last attempt an answer waits for a person to mark it. So it
    does where programs cannot be isolated, and where its worker died each time.
    """
    async with database.write("learning") as session:
        task = await begin_run(session, run_id)
        if task is not None and task.pick_ups > MAX_GRADING_ATTEMPTS:
            log.error("question_given_up", run_id=str(run_id), pick_ups=task.pick_ups)
            await fail_run(session, run_id, GAVE_UP)
            return
    if task is None:
        return
    try:
        await _run_and_store(database, grader, task, attempt=attempt)
    except Exception:  # the database's fault, and not the program's: no reason to ever give it up
        with contextlib.suppress(*CONNECTION_ERRORS, SQLAlchemyError):
            async with database.write("learning") as session:
                await give_back(session, run_id)
        raise


async def _run_and_store(database: Database, grader: Grades, task: RunTask, *, attempt: int) -> None:
    grade: Grade | None = None
    try:
        grade = await grader.grade(task.spec, task.source)
    except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as refusal:
        log.error("question_refused", run_id=str(task.run_id), reason=str(refusal))  # noqa: TRY400 - no bug
        async with database.write("learning") as session:
            await fail_run(session, task.run_id, NOT_RUN_HERE)
        return
    except Exception:  # whatever the grader raises is ours, and must not leave the learner without an answer
        log.exception("question_failed", run_id=str(task.run_id), attempt=attempt)
    if grade is not None and grade.verdict is not Verdict.IE:
        async with database.write("learning") as session:
            await record_run(session, task, grade)
        return
    log.error("question_inconclusive", run_id=str(task.run_id), attempt=attempt, fault=grade.fault if grade else None)
    async with database.write("learning") as session:
        if max(attempt, task.pick_ups) >= MAX_GRADING_ATTEMPTS:
            await fail_run(session, task.run_id, GAVE_UP)
            return
        await queue_job(session, task.run_id, turn=task.turn, attempt=attempt + 1, delay=retry_delay(attempt))


FORGOTTEN = """
SELECT r.id, r.turn FROM learning.question_runs r
WHERE r.status IN ('PENDING', 'RUNNING') AND r.requested_at < now() - CAST(:age AS interval)
  AND NOT EXISTS (
      SELECT FROM ops.pgqueuer q
      WHERE q.status IN ('queued', 'picked')
        AND q.dedupe_key = ANY (ARRAY(SELECT :job || ':' || r.id || ':' || n FROM generate_series(1, :attempts) n)))
ORDER BY r.requested_at LIMIT 500
"""


async def enqueue_forgotten(database: Database) -> int:
    """Ask again for programs that wait without any job: what an operator or a bug has removed."""
    async with database.write("learning") as session:
        found = await session.execute(
            text(FORGOTTEN), {"age": FORGOTTEN_AFTER, "job": RUN, "attempts": MAX_GRADING_ATTEMPTS}
        )
        rows = found.all()
        for row in rows:
            await queue_job(session, row.id, turn=row.turn)
    if rows:
        log.warning("forgotten_questions_enqueued", count=len(rows))
    return len(rows)
