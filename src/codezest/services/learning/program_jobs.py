"""The one way of every program in the queue: picked up, run, stored once; tried again where we fail, and given up in the end."""

import contextlib
from datetime import timedelta
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import Grade, LanguageUnavailable, UnknownLanguageError
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.kit.jobs import Job, Payload
from codezest.kit.turns import Turns
from codezest.services.learning.regrading import Grades
from codezest.services.learning.retries import FORGOTTEN_AFTER, MAX_GRADING_ATTEMPTS, retry_delay
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable

log = structlog.get_logger(__name__)


class PickedUp(Protocol):
    """A program that was begun."""

    @property
    def pick_ups(self) -> int:
        """How often it has been begun, this time included."""
        ...


Task = TypeVar("Task", bound=PickedUp)


class Programs(Protocol[Task]):
    """Programs of one kind, which wait in one table: what each step is for them.

    What takes a session is called in a transaction of its own, and nothing else is called in one.
    """

    job: ClassVar[str]
    id_name: ClassVar[str]
    """What a program's id is called in the job's payload and in the log."""
    table: ClassVar[str]
    asked_at: ClassVar[str]
    """The column that says since when it waits."""
    counts: ClassVar[str]
    """A condition on row `p` besides its status: whether it is still to be run."""
    one: ClassVar[str]
    many: ClassVar[str]
    """What the log calls running one, and several of them."""
    gave_up: ClassVar[str]
    """Why it was not run after so many attempts, as it is stored."""

    async def begin(self, session: AsyncSession, program_id: UUID, /) -> Task | None:
        """Mark it as running; None where there is nothing to run any more. One that runs already is taken as well."""
        ...

    async def give_back(self, session: AsyncSession, program_id: UUID, /) -> None:
        """Take back the last pick-up."""
        ...

    def lack(self, task: Task, /) -> str | None:
        """Why it need not be run at all, as it is stored; None: run it."""
        ...

    async def run(self, database: Database, grader: Grades, task: Task, /) -> Grade:
        """Raises whatever the grader does."""
        ...

    def refusal(self, error: Exception, /) -> str:
        """Why programs like it are not run here, as it is stored."""
        ...

    def fault(self, grade: Grade, /) -> str | None:
        """Why another grade would be no better than this one without a verdict, as it is stored; None: try again."""
        ...

    async def prepare(self, task: Task, /) -> None:
        """Whatever takes its time before the grade is stored."""
        ...

    async def record(self, session: AsyncSession, task: Task, grade: Grade, /) -> bool:
        """Store the grade, once."""
        ...

    async def fail(self, session: AsyncSession, program_id: UUID, why: str, /) -> bool:
        """Store that there will be none."""
        ...

    async def ask(
        self,
        session: AsyncSession,
        program_id: UUID,
        /,
        *,
        turn: int | None = None,
        attempt: int = 1,
        delay: timedelta | None = None,
    ) -> None:
        """Ask for the job of one attempt. The turn is looked up unless given."""
        ...


def job_of(database: Database, programs: Programs[Any], *, grader: Grades, turns: Turns) -> Job:
    """The job that runs one program, when it is its turn."""

    async def run(payload: Payload) -> None:
        program_id, attempt = UUID(payload[programs.id_name]), int(payload.get("attempt", 1))
        # A program whose worker died may have been its death, and next time must take no other one with it.
        lost = await lost_before(database, programs, program_id=program_id, attempt=attempt)
        async with turns.alone() if lost else turns.urgent():
            await run_program(database, programs, grader=grader, program_id=program_id, attempt=attempt)

    return Job(programs.job, run, runs_programs=True)


async def lost_before(database: Database, programs: Programs[Any], *, program_id: UUID, attempt: int) -> bool:
    """Whether a worker has begun this attempt already and was never heard of again."""
    pick_ups = await database.pool("learning").fetchval(
        f"SELECT pick_ups FROM {programs.table} WHERE id = $1",  # noqa: S608 - a constant
        program_id,
    )
    return pick_ups is not None and int(pick_ups) >= attempt


async def run_program(
    database: Database, programs: Programs[Any], *, grader: Grades, program_id: UUID, attempt: int
) -> None:
    """Run one program and store the result. No transaction is open while it runs.

    Where we fail (verdict IE), it is tried again later; after the last attempt it is given up, as one is whose worker died
    each time. Where programs cannot be isolated, or not in this language, none is run.
    """
    async with database.write("learning") as session:
        task = await programs.begin(session, program_id)
        if task is None:
            return
        if (lack := programs.lack(task)) is not None:
            await programs.fail(session, program_id, lack)
            return
        if task.pick_ups > MAX_GRADING_ATTEMPTS:
            log.error(_event(programs, "given_up"), pick_ups=task.pick_ups, **{programs.id_name: str(program_id)})
            await programs.fail(session, program_id, programs.gave_up)
            return
    try:
        await _run_and_store(database, programs, grader=grader, program_id=program_id, task=task, attempt=attempt)
    except Exception:  # the database's fault, and not the program's: no reason to ever give it up
        with contextlib.suppress(*CONNECTION_ERRORS, SQLAlchemyError):
            async with database.write("learning") as session:
                await programs.give_back(session, program_id)
        raise


async def _run_and_store(
    database: Database, programs: Programs[Task], *, grader: Grades, program_id: UUID, task: Task, attempt: int
) -> None:
    named = {programs.id_name: str(program_id)}
    grade: Grade | None = None
    try:
        grade = await programs.run(database, grader, task)
    except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as refusal:
        # Trying again cures nothing: somebody has to change the machine, and the learner must not wait for that.
        log.error(_event(programs, "refused"), reason=str(refusal), **named)  # noqa: TRY400 - no bug
        async with database.write("learning") as session:
            await programs.fail(session, program_id, programs.refusal(refusal))
        return
    except Exception:  # whatever the grader raises is ours, and must not leave the learner without an answer
        log.exception(_event(programs, "failed"), attempt=attempt, **named)
    if grade is not None and grade.verdict is not Verdict.IE:
        await programs.prepare(task)
        async with database.write("learning") as session:
            await programs.record(session, task, grade)
        return
    fault = grade.fault if grade else None
    log.error(_event(programs, "inconclusive"), attempt=attempt, fault=fault, **named)
    async with database.write("learning") as session:
        if grade is not None and (why := programs.fault(grade)) is not None:
            await programs.fail(session, program_id, why)
        elif max(attempt, task.pick_ups) >= MAX_GRADING_ATTEMPTS:
            await programs.fail(session, program_id, programs.gave_up)
        else:
            await programs.ask(session, program_id, attempt=attempt + 1, delay=retry_delay(attempt))


def _event(programs: Programs[Any], what: str) -> str:
    return f"{programs.one}_{what}"


def _forgotten(programs: Programs[Any]) -> TextClause:
    return text(f"""
        SELECT p.id, p.turn FROM {programs.table} p
        WHERE p.status IN ('PENDING', 'RUNNING') AND {programs.counts}
          AND p.{programs.asked_at} < now() - CAST(:age AS interval)
          AND NOT EXISTS (
              SELECT FROM ops.pgqueuer q
              WHERE q.status IN ('queued', 'picked')
                AND q.dedupe_key = ANY (ARRAY(SELECT :job || ':' || p.id || ':' || n FROM generate_series(1, :attempts) n)))
        ORDER BY p.{programs.asked_at} LIMIT 500
        """)  # noqa: S608 - put together from constants


async def enqueue_forgotten(database: Database, programs: Programs[Any]) -> int:
    """Ask again for programs that wait without any job, whose number is returned: what an operator or a bug has removed."""
    async with database.write("learning") as session:
        found = await session.execute(
            _forgotten(programs), {"age": FORGOTTEN_AFTER, "job": programs.job, "attempts": MAX_GRADING_ATTEMPTS}
        )
        rows = found.all()
        for row in rows:
            await programs.ask(session, row.id, turn=row.turn)
    if rows:
        event = f"forgotten_{programs.many}_enqueued"
        log.warning(event, count=len(rows))
    return len(rows)
