"""Background work of the learning service: grading, and keeping progress true when content changes."""

import asyncio
import itertools
import json
import os
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import Grade, TestOutcome
from codezest.kit import jobs as queue
from codezest.kit.broadcast import Message
from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.settings import Settings
from codezest.kit.turns import Turns
from codezest.services.learning import program_jobs, running_questions, trying
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
from codezest.services.learning.telling import telling
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


def jobs(database: Database, settings: Settings, grader: Grades) -> list[Job]:
    """The service's jobs. The pool of `learning` must be open."""
    # A learner is told RUNNING when the program runs, not when it waits for its turn; one more than run at once, so that
    # the database's work for one program overlaps the run of another.
    turns = Turns((settings.worker_concurrency or os.cpu_count() or 1) + 1)

    async def refresh(payload: Payload) -> None:
        await refresh_progress(database, UUID(payload["course_id"]))

    async def regrade(payload: Payload) -> None:
        await continue_regrade(database, grader, payload, turn=turns.patient)

    return [
        program_jobs.job_of(database, PROGRAMS, grader=grader, turns=turns),
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


class Submissions:
    """As `program_jobs.Programs`. A learner is told of each test as it ends."""

    job: ClassVar[str] = GRADE
    id_name: ClassVar[str] = "submission_id"
    table: ClassVar[str] = "learning.submissions"
    asked_at: ClassVar[str] = "submitted_at"
    counts: ClassVar[str] = "p.deleted_at IS NULL"
    one: ClassVar[str] = "grading"
    many: ClassVar[str] = "submissions"
    gave_up: ClassVar[str] = GAVE_UP
    begin = staticmethod(begin_grading)
    give_back = staticmethod(give_back)
    fail = staticmethod(record_failure)
    ask = staticmethod(queue_grading)

    def lack(self, task: GradingTask, /) -> str | None:
        return None if task.spec.tests else NO_TESTS

    async def run(self, database: Database, grader: Grades, task: GradingTask, /) -> Grade:
        return await _grade(database, grader, task)

    def refusal(self, error: Exception, /) -> str:
        return REFUSED if isinstance(error, IsolationUnavailable) else LANGUAGE_MISSING

    def fault(self, grade: Grade, /) -> str | None:
        return BROKEN_EXERCISE if grade.author_fault else None

    async def prepare(self, task: GradingTask, /) -> None:
        if task.reproducible:
            await asyncio.to_thread(written, task.spec)

    async def record(self, session: AsyncSession, task: GradingTask, grade: Grade, /) -> bool:
        return await record_grade(session, task, grade)


PROGRAMS = Submissions()


async def lost_before(database: Database, submission_id: UUID, *, attempt: int) -> bool:
    """See `program_jobs.lost_before`."""
    return await program_jobs.lost_before(database, PROGRAMS, program_id=submission_id, attempt=attempt)


async def grade_submission(database: Database, grader: Grades, submission_id: UUID, *, attempt: int = 1) -> None:
    """Grade one submission and store the result; see `program_jobs.run_program`."""
    await program_jobs.run_program(database, PROGRAMS, grader=grader, program_id=submission_id, attempt=attempt)


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


async def enqueue_forgotten(database: Database) -> int:
    """See `program_jobs.enqueue_forgotten`."""
    return await program_jobs.enqueue_forgotten(database, PROGRAMS)


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
