"""Background work of the learning service: grading, and keeping progress true when content changes."""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from sqlalchemy import text

from codezest.grading import Grade, GradingSpec, TestOutcome
from codezest.kit import jobs as queue
from codezest.kit.broadcast import SUBMISSIONS_CHANNEL, Message, notify
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.settings import Settings
from codezest.services.learning.actions.begin_grading import GradingTask, begin_grading
from codezest.services.learning.actions.expire_attempts import expire_attempts
from codezest.services.learning.actions.queue_program import GRADE, grade_key
from codezest.services.learning.actions.record_grade import record_failure, record_grade
from codezest.services.learning.actions.refresh_progress import REFRESH_PROGRESS, refresh_batch
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable

MAX_GRADING_ATTEMPTS = 5
RETRY_DELAYS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))
"""How long to wait before the second, third, … attempt."""
GAVE_UP = "We could not run your program, and this is our mistake, not yours. Your code is kept. Please submit it again later."
NO_TESTS = "This exercise has no tests at the moment, so your program could not be graded. Your code is kept."
REFUSED = (
    "Programs are not run on this server at the moment, because it cannot isolate them safely. This is no mistake of yours, "
    "and your code is kept. Whoever runs the server finds out what is missing with `codezest doctor`; then submit it again."
)
FORGOTTEN_AFTER = timedelta(minutes=2)
MESSAGE_BYTES = 7_000
"""What of PostgreSQL's 8,000 bytes one test's message may take."""

log = structlog.get_logger(__name__)


class Grades(Protocol):
    """`codezest.grading.Grader`, as far as it is used here."""

    async def grade(
        self, spec: GradingSpec, source: str, on_outcome: Callable[[TestOutcome], None] | None = None
    ) -> Grade: ...


def jobs(database: Database, settings: Settings, grader: Grades) -> list[Job]:
    """The service's jobs. The pool of `learning` must be open."""
    # A learner is told RUNNING when the program runs, not when it waits for its turn; one more than run at once, so that
    # the database's work for one program overlaps the run of another.
    turns = asyncio.Semaphore((settings.worker_concurrency or os.cpu_count() or 1) + 1)

    async def grade(payload: Payload) -> None:
        async with turns:
            await grade_submission(
                database, grader, UUID(payload["submission_id"]), attempt=int(payload.get("attempt", 1))
            )

    async def refresh(payload: Payload) -> None:
        await refresh_progress(database, UUID(payload["course_id"]))

    return [Job(GRADE, grade), Job(REFRESH_PROGRESS, refresh)]


def recurring(database: Database) -> list[Recurring]:
    """The service's schedule."""

    async def remember() -> None:
        await enqueue_forgotten(database)

    async def expire() -> None:
        async with database.write("learning") as session:
            await expire_attempts(session)

    return [
        Recurring("learning.enqueue_forgotten", "* * * * *", remember),
        Recurring("learning.expire_attempts", "17 * * * *", expire),
    ]


async def grade_submission(database: Database, grader: Grades, submission_id: UUID, *, attempt: int = 1) -> None:
    """Grade one submission and store the result. No transaction is open while the program runs.

    Where we fail (verdict IE), it is tried again later; after the last attempt the learner is told so. Where programs cannot
    be isolated, none is run, and the learner is told at once.
    """
    async with database.write("learning") as session:
        task = await begin_grading(session, submission_id)
        if task is not None and not task.spec.tests:
            await record_failure(session, submission_id, NO_TESTS)
            return
    if task is None:
        return
    try:
        grade = await _grade(database, grader, task)
    except IsolationUnavailable as refusal:
        # Trying again cures nothing: somebody has to change the machine, and the learner must not wait for that.
        log.error("grading_refused", submission_id=str(submission_id), reason=str(refusal))  # noqa: TRY400 - no bug
        async with database.write("learning") as session:
            await record_failure(session, submission_id, REFUSED)
        return
    except Exception:  # whatever the grader raises is ours, and must not leave the learner without an answer
        log.exception("grading_failed", submission_id=str(submission_id), attempt=attempt)
        grade = None
    if grade is not None and grade.verdict is not Verdict.IE:
        async with database.write("learning") as session:
            await record_grade(session, task, grade)
        return
    log.error("grading_inconclusive", submission_id=str(submission_id), attempt=attempt)
    async with database.write("learning") as session:
        if attempt >= MAX_GRADING_ATTEMPTS:
            await record_failure(session, submission_id, GAVE_UP)
            return
        await queue.enqueue(
            session,
            GRADE,
            {"submission_id": str(submission_id), "attempt": attempt + 1},
            priority=queue.INTERACTIVE,
            delay=RETRY_DELAYS[min(attempt, len(RETRY_DELAYS)) - 1],
            dedupe_key=grade_key(submission_id, attempt + 1),
        )


async def _grade(database: Database, grader: Grades, task: GradingTask) -> Grade:
    """Run the grader and pass on each outcome as it comes."""
    topic = str(task.submission_id)
    total = len(task.spec.tests)
    waiting: asyncio.Queue[Message | None] = asyncio.Queue()
    waiting.put_nowait({"kind": "status", "status": "RUNNING", "done": 0, "total": total})

    def on_outcome(outcome: TestOutcome) -> None:
        waiting.put_nowait(outcome_message(task, outcome, total=total))

    teller = asyncio.create_task(_tell(database, topic, waiting))
    try:
        return await grader.grade(task.spec, task.code, on_outcome)
    finally:
        waiting.put_nowait(None)
        await teller


async def _tell(database: Database, topic: str, waiting: asyncio.Queue[Message | None]) -> None:
    """Send messages in order. One that is lost is only a hint lost: the result is in the rows."""
    while (message := await waiting.get()) is not None:
        try:
            await notify(database.pool("learning"), SUBMISSIONS_CHANNEL, topic, message)
        except CONNECTION_ERRORS as error:
            log.warning("progress_not_told", submission_id=topic, error=str(error))


def outcome_message(task: GradingTask, outcome: TestOutcome, *, total: int) -> Message:
    """What those who wait are told of one test. Nothing of a hidden test that its input could colour."""
    message: dict[str, Any] = {
        "kind": "test",
        "index": outcome.index,
        "done": outcome.index + 1,
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
            await queue.enqueue(
                session,
                GRADE,
                {"submission_id": str(submission_id)},
                priority=queue.INTERACTIVE,
                dedupe_key=grade_key(submission_id),
            )
    if ids:
        log.warning("forgotten_submissions_enqueued", count=len(ids))
    return len(ids)
