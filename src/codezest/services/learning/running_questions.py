"""What questions that are answered by a program have the worker do."""

from typing import ClassVar
from uuid import UUID

from codezest.grading import Grade
from codezest.kit.database import Database
from codezest.kit.jobs import Job, Recurring
from codezest.kit.turns import Turns
from codezest.services.learning import program_jobs
from codezest.services.learning.actions.question_runs.begin_run import RunTask, begin_run, give_back
from codezest.services.learning.actions.question_runs.record_run import fail_run, forget_samples, record_run
from codezest.services.learning.actions.queue_question import RUN, queue_job
from codezest.services.learning.question_results import GAVE_UP, NOT_RUN_HERE
from codezest.services.learning.regrading import Grades


class QuestionPrograms:
    """As `program_jobs.Programs`. An answer whose program is given up waits for a person to mark it."""

    job: ClassVar[str] = RUN
    id_name: ClassVar[str] = "run_id"
    table: ClassVar[str] = "learning.question_runs"
    asked_at: ClassVar[str] = "requested_at"
    counts: ClassVar[str] = "true"
    one: ClassVar[str] = "question"
    many: ClassVar[str] = "questions"
    gave_up: ClassVar[str] = GAVE_UP

    begin = staticmethod(begin_run)
    give_back = staticmethod(give_back)
    record = staticmethod(record_run)
    fail = staticmethod(fail_run)
    ask = staticmethod(queue_job)

    def lack(self, _task: RunTask, /) -> str | None:
        return None

    async def run(self, _database: Database, grader: Grades, task: RunTask, /) -> Grade:
        return await grader.grade(task.spec, task.source)

    def refusal(self, _error: Exception, /) -> str:
        return NOT_RUN_HERE

    def fault(self, _grade: Grade, /) -> str | None:
        return None

    async def prepare(self, _task: RunTask, /) -> None:
        """Nothing."""


PROGRAMS = QuestionPrograms()


def jobs(database: Database, grader: Grades, turns: Turns) -> list[Job]:
    """The job of one program. It takes turns with those of submissions."""
    return [program_jobs.job_of(database, PROGRAMS, grader=grader, turns=turns)]


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
    """See `program_jobs.lost_before`."""
    return await program_jobs.lost_before(database, PROGRAMS, program_id=run_id, attempt=attempt)


async def run_question(database: Database, grader: Grades, run_id: UUID, *, attempt: int = 1) -> None:
    """Run one program and store the result; see `program_jobs.run_program`."""
    await program_jobs.run_program(database, PROGRAMS, grader=grader, program_id=run_id, attempt=attempt)


async def enqueue_forgotten(database: Database) -> int:
    """See `program_jobs.enqueue_forgotten`."""
    return await program_jobs.enqueue_forgotten(database, PROGRAMS)
