"""Take a question's program, with all that running it needs to know."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import GradingSpec
from codezest.services.learning.actions.draw_questions import asked_in
from codezest.services.learning.actions.queue_question import UNFINISHED
from codezest.services.learning.grading_spec import question_spec
from codezest.services.learning.question_results import GAVE_UP
from codezest.services.learning.questions.asked import CODE
from codezest.services.learning.questions.programs import CodeKey, code_key
from codezest_db.enums import QuestionRunPurpose, TrialStatus
from codezest_db.models.learning import Question, QuestionRun, QuizAnswer, QuizAttempt


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTask:
    """One program to run."""

    run_id: UUID
    purpose: QuestionRunPurpose
    attempt_id: UUID | None
    source: str
    spec: GradingSpec
    pick_ups: int
    """How often it has been begun, this time included."""


async def begin_run(session: AsyncSession, run_id: UUID) -> RunTask | None:
    """Mark it as running; None when there is nothing to run any more.

    One that is RUNNING already is taken as well: whoever ran it may be dead, and the result is stored once.
    """
    run = await session.scalar(
        update(QuestionRun)
        .where(QuestionRun.id == run_id, QuestionRun.status.in_(UNFINISHED))
        .values(status=TrialStatus.RUNNING, pick_ups=QuestionRun.pick_ups + 1)
        .returning(QuestionRun)
        .execution_options(populate_existing=True)
    )
    if run is None:
        return None
    key, source = await _program(session, run)
    if key is None or not source:  # erased since it was asked for
        run.status, run.problem, run.finished_at = TrialStatus.FAILED, GAVE_UP, func.now()
        return None
    return RunTask(
        run_id=run_id,
        purpose=run.purpose,
        attempt_id=run.attempt_id,
        source=source,
        spec=question_spec(key, visible_only=run.purpose is QuestionRunPurpose.SAMPLE),
        pick_ups=run.pick_ups,
    )


async def _program(session: AsyncSession, run: QuestionRun) -> tuple[CodeKey | None, str | None]:
    """The key that counts, and the program: of an attempt the question as it was asked."""
    if run.attempt_id is None:
        question = await session.get_one(Question, run.question_id)
        key = code_key(question.type, question.answer_key)
        return key, key.solution if key else None
    asked = (await asked_in(session, await session.get_one(QuizAttempt, run.attempt_id)))[run.question_id]
    if run.answer_id is None:
        return code_key(asked.type, asked.key), run.code
    answer = await session.get_one(QuizAnswer, run.answer_id)
    return code_key(asked.type, asked.key), answer.entries.get(CODE)


async def give_back(session: AsyncSession, run_id: UUID) -> None:
    """Take back the last pick-up: whoever began it lives, and could only not store what came of it."""
    await session.execute(
        update(QuestionRun)
        .where(QuestionRun.id == run_id, QuestionRun.status.in_(UNFINISHED), QuestionRun.pick_ups > 0)
        .values(pick_ups=QuestionRun.pick_ups - 1)
    )
