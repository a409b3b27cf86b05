"""Background work of the learning service: grading, and keeping progress true when content changes."""

import asyncio
import contextlib
import itertools
import json
import os
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from codezest.grading import Grade, LanguageUnavailable, TestOutcome, UnknownLanguageError
from codezest.kit import jobs as queue
from codezest.kit.broadcast import Message
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.settings import Settings
from codezest.kit.turns import Turns
from codezest.services.learning import running_questions, trying
from codezest.services.learning.actions.begin_grading import GradingTask, begin_grading, give_back
from codezest.services.learning.actions.expire_attempts import MOST_AT_ONCE, expire_attempts
from codezest.services.learning.actions.name_spec import written
from codezest.services.learning.actions.queue_program import GRADE, queue_grading
from codezest.services.learning.actions.record_grade import record_failure, record_grade
from codezest.services.learning.actions.refresh_progress import REFRESH_PROGRESS, refresh_batch
from codezest.services.learning.actions.regrade.begin_regrade import PRIORITY as REGRADE_PRIORITY
from codezest.services.learning.actions.regrade.begin_regrade import REGRADE, ask_for_grading, job_key
from codezest.services.learning.actions.regrade.grade_result import NextStep
from codezest.services.learning.regrading import Grades, Turn, regrade_some
from codezest.services.learning.retries import FORGOTTEN_AFTER, MAX_GRADING_ATTEMPTS, retry_delay
from codezest.services.learning.telling import telling
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable

GAVE_UP = "We could not run your program, and this is our mistake, not yours. Your code is kept. Please submit it again later."
NO_TESTS = "This exercise has no tests at the moment, so your program could not be graded. Your code is kept."
REFUSED = (
    "Programs are not run on this server at the moment, because it cannot isolate them safely. This is no mistake of yours, "
    "and your code is kept. Whoever runs the server finds out what is missing with `codezest doctor`; then submit it again."
)
REGRADE_PAUSE = timedelta(seconds=3)
"""How long a regrade waits for what others are grading."""
LANGUAGE_MISSING = (
    "Programs in this language are not run on this server at the moment. This is no mistake of yours, and your code is kept. "
    "Whoever runs the server finds out what is missing with `codezest doctor`; then submit it again."
)
BROKEN_EXERCISE = (
    "This exercise cannot be graded: a part of it that its author wrote does not work. This is no mistake of yours, and your "
    "code is kept. It will be graded again when the exercise is mended."
)
MESSAGE_BYTES = 7_000
"""What of PostgreSQL's 8,000 bytes one test's message may take."""

log = structlog.get_logger(__name__)


def jobs(database: Database, settings: Settings, grader: Grades) -> list[Job]:
    """The service's jobs. The pool of `learning` must be open."""
    # A learner is told RUNNING when the program runs, not when it waits for its turn; one more than run at once, so that
    # the database's work for one program overlaps the run of another.
    turns = Turns((settings.worker_concurrency or os.cpu_count() or 1) + 1)

    async def grade(payload: Payload) -> None:
        submission_id, attempt = UUID(payload["submission_id"]), int(payload.get("attempt", 1))
        # A program whose worker died may have been its death, and next time must take no other one with it.
        lost = await lost_before(database, submission_id, attempt=attempt)
        async with turns.alone() if lost else turns.urgent():
            await grade_submission(database, grader, submission_id, attempt=attempt)

    async def refresh(payload: Payload) -> None:
        await refresh_progress(database, UUID(payload["course_id"]))

    async def regrade(payload: Payload) -> None:
        await continue_regrade(database, grader, payload, turn=turns.patient)

    return [
        Job(GRADE, grade, runs_programs=True),
        *trying.jobs(database, grader, turns),
        *running_questions.jobs(database, grader, turns),
        Job(REFRESH_PROGRESS, refresh),
        Job(REGRADE, regrade, in_bulk=True),
    ]


def recurring(database: Database) -> list[Recurring]:
    """The service's schedule."""

    async def remember() -> None:
        await enqueue_forgotten(database)

    async def resume() -> None:
        await resume_regrades(database)

    async def expire() -> None:
        closed = MOST_AT_ONCE
        while closed >= MOST_AT_ONCE:
            async with database.write("learning") as session:
                closed = await expire_attempts(session)

    return [
        Recurring("learning.enqueue_forgotten", "* * * * *", remember),
        Recurring("learning.resume_regrades", "* * * * *", resume),
        Recurring("learning.expire_attempts", "* * * * *", expire),
    ]


async def lost_before(database: Database, submission_id: UUID, *, attempt: int) -> bool:
    """Whether a worker has begun this attempt at grading already and was never heard of again."""
    pick_ups = await database.pool("learning").fetchval(
        "SELECT pick_ups FROM learning.submissions WHERE id = $1", submission_id
    )
    return pick_ups is not None and int(pick_ups) >= attempt


async def grade_submission(database: Database, grader: Grades, submission_id: UUID, *, attempt: int = 1) -> None:
    """Grade one submission and store the result. No transaction is open while the program runs.

    Where we fail (verdict IE), it is tried again later; after the last attempt the learner is told so. Where programs cannot
    be isolated, none is run, and the learner is told at once. A submission whose worker died each time counts as failed.
    """
    async with database.write("learning") as session:
        task = await begin_grading(session, submission_id)
        if task is not None and not task.spec.tests:
            await record_failure(session, submission_id, NO_TESTS)
            return
        if task is not None and task.pick_ups > MAX_GRADING_ATTEMPTS:
            log.error("grading_given_up", submission_id=str(submission_id), pick_ups=task.pick_ups)
            await record_failure(session, submission_id, GAVE_UP)
            return
    if task is None:
        return
    try:
        await _grade_and_store(database, grader, task, attempt=attempt)
    except Exception:  # the database's fault, and not the program's: no reason to ever give it up
        with contextlib.suppress(*CONNECTION_ERRORS, SQLAlchemyError):
            async with database.write("learning") as session:
                await give_back(session, submission_id)
        raise


async def _grade_and_store(database: Database, grader: Grades, task: GradingTask, *, attempt: int) -> None:
    submission_id = task.submission_id
    try:
        grade = await _grade(database, grader, task)
    except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as refusal:
        # Trying again cures nothing: somebody has to change the machine, and the learner must not wait for that.
        log.error("grading_refused", submission_id=str(submission_id), reason=str(refusal))  # noqa: TRY400 - no bug
        async with database.write("learning") as session:
            told = REFUSED if isinstance(refusal, IsolationUnavailable) else LANGUAGE_MISSING
            await record_failure(session, submission_id, told)
        return
    except Exception:  # whatever the grader raises is ours, and must not leave the learner without an answer
        log.exception("grading_failed", submission_id=str(submission_id), attempt=attempt)
        grade = None
    if grade is not None and grade.verdict is not Verdict.IE:
        if task.reproducible:
            await asyncio.to_thread(written, task.spec)
        async with database.write("learning") as session:
            await record_grade(session, task, grade)
        return
    fault = None if grade is None else grade.fault
    log.error("grading_inconclusive", submission_id=str(submission_id), attempt=attempt, fault=fault)
    async with database.write("learning") as session:
        if grade is not None and grade.author_fault:
            await record_failure(session, submission_id, BROKEN_EXERCISE)
            return
        if max(attempt, task.pick_ups) >= MAX_GRADING_ATTEMPTS:
            await record_failure(session, submission_id, GAVE_UP)
            return
        await queue_grading(session, submission_id, attempt=attempt + 1, delay=retry_delay(attempt))


async def _grade(database: Database, grader: Grades, task: GradingTask) -> Grade:
    """Run the grader and pass on each outcome as it comes."""
    total = len(task.spec.tests)
    done = itertools.count(1)
    async with telling(database, str(task.submission_id)) as tell:
        tell({"kind": "status", "status": "RUNNING", "done": 0, "total": total})

        def on_outcome(outcome: TestOutcome) -> None:
            tell(outcome_message(task, outcome, done=next(done), total=total))

        return await grader.grade(task.spec, task.source, on_outcome)


def outcome_message(task: GradingTask, outcome: TestOutcome, *, done: int, total: int) -> Message:
    """What those who wait are told of one test. Nothing of a hidden test that its input could colour."""
    message: dict[str, Any] = {
        "kind": "test",
        "index": outcome.index,
        "done": done,
        "total": total,
        "name": outcome.name,
        "verdict": outcome.verdict.value,
        "points": outcome.points,
        "max_points": outcome.max_points,
        "visible": outcome.visible,
    }
    if not outcome.visible:
        return message | {"kind_of_case": task.kinds_of_case[outcome.index]}
    message |= {"time_ms": outcome.time_ms, "memory_kb": outcome.memory_kb}
    texts = {"message": outcome.message or "", "stdout": outcome.stdout, "stderr": outcome.stderr}
    length = max(len(value) for value in texts.values())
    while len(json.dumps(message | texts)) > MESSAGE_BYTES and length:
        length //= 2
        texts = {key: value[:length] for key, value in texts.items()}
    return message | texts


async def refresh_progress(database: Database, course_id: UUID) -> None:
    """Recount everybody's progress in a course whose items have changed, in batches of short transactions."""
    last: UUID | None = None
    while True:
        async with database.write("learning") as session:
            last = await refresh_batch(session, course_id, after=last)
        if last is None:
            return


FORGOTTEN = """
SELECT s.id FROM learning.submissions s
WHERE s.status IN ('PENDING', 'RUNNING') AND s.deleted_at IS NULL AND s.submitted_at < now() - CAST(:age AS interval)
  AND NOT EXISTS (
      SELECT FROM ops.pgqueuer q
      WHERE q.status IN ('queued', 'picked')
        AND q.dedupe_key = ANY (ARRAY(SELECT :job || ':' || s.id || ':' || n FROM generate_series(1, :attempts) n)))
ORDER BY s.submitted_at LIMIT 500
"""


async def enqueue_forgotten(database: Database) -> int:
    """Ask again for the grading of submissions that wait without any job: what an operator or a bug has removed."""
    async with database.write("learning") as session:
        found = await session.scalars(
            text(FORGOTTEN), {"age": FORGOTTEN_AFTER, "job": GRADE, "attempts": MAX_GRADING_ATTEMPTS}
        )
        ids = found.all()
        for submission_id in ids:
            await queue_grading(session, submission_id)
    if ids:
        log.warning("forgotten_submissions_enqueued", count=len(ids))
    return len(ids)


async def continue_regrade(database: Database, grader: Grades, payload: Payload, *, turn: Turn) -> None:
    """Grade some submissions of a regrade and ask for the next, behind everything that is more urgent."""
    regrade_id, lane = UUID(payload["regrade_id"]), int(payload["lane"])
    step = await regrade_some(database, grader, regrade_id, turn=turn)
    if step is NextStep.NOTHING or (step is NextStep.WAIT and lane):  # one waits for all
        return
    batch = int(payload["batch"]) + 1
    async with database.write("learning") as session:
        await queue.enqueue(
            session,
            REGRADE,
            {"regrade_id": str(regrade_id), "lane": lane, "batch": batch},
            priority=REGRADE_PRIORITY,
            delay=REGRADE_PAUSE if step is NextStep.WAIT else None,
            dedupe_key=job_key(regrade_id, lane, batch),
        )


ABANDONED = """
SELECT g.id FROM learning.regrades g
WHERE g.status = 'PREVIEWING' AND NOT EXISTS (
    SELECT FROM ops.pgqueuer q
    WHERE q.status IN ('queued', 'picked') AND starts_with(q.dedupe_key, :job || ':' || g.id || ':'))
"""


async def resume_regrades(database: Database) -> int:
    """Ask again for the jobs of regrades that are under way without any; returns how many there were."""
    async with database.write("learning") as session:
        found = (await session.scalars(text(ABANDONED), {"job": REGRADE})).all()
        for regrade_id in found:
            await ask_for_grading(session, regrade_id)
    return len(found)
