"""Store what came of a question's program, once, and count the answer it decides."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import Grade
from codezest.kit.clock import now
from codezest.services.learning.actions.draw_questions import asked_in
from codezest.services.learning.actions.expire_attempts import place_of
from codezest.services.learning.actions.grade_attempt import points_of, settle_attempt
from codezest.services.learning.actions.question_runs.begin_run import RunTask
from codezest.services.learning.actions.queue_question import UNFINISHED
from codezest.services.learning.question_results import KEPT_FOR, result_of
from codezest.services.learning.questions.asked import Answer
from codezest.services.learning.questions.programs import graded_of
from codezest_db.enums import QuestionRunPurpose, TrialStatus
from codezest_db.models.learning import Module, QuestionRun, Quiz, QuizAnswer, QuizAttempt


async def record_run(session: AsyncSession, task: RunTask, grade: Grade) -> bool:
    """Store the result; an answer gets its points, unless a person has marked it in the meantime.

    Returns:
        False when it was stored before: then nothing is changed.
    """
    attempt: QuizAttempt | None = None
    if task.purpose is QuestionRunPurpose.ANSWER:  # as marking by hand does: the attempt first, then what is in it
        attempt = await session.scalar(select(QuizAttempt).where(QuizAttempt.id == task.attempt_id).with_for_update())
    run = await _unfinished(session, task.run_id)
    if run is None:
        return False
    run.status = TrialStatus.DONE
    run.result = result_of(grade, task.spec, whole=task.purpose is QuestionRunPurpose.CHECK)
    run.finished_at = func.now()
    await session.flush()
    if attempt is not None:
        earned = sum(outcome.points for outcome in grade.outcomes)
        await _count(session, attempt, run, earned=earned, possible=sum(test.points for test in task.spec.tests))
    return True


async def _count(session: AsyncSession, attempt: QuizAttempt, run: QuestionRun, *, earned: int, possible: int) -> None:
    answers = (await session.scalars(select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.id))).all()
    answer = next(one for one in answers if one.id == run.answer_id)
    if answer.is_correct is not None:
        return
    found = await session.execute(
        select(Quiz, Module.course_id).join(Module, Module.id == Quiz.module_id).where(Quiz.id == attempt.quiz_id)
    )
    quiz, course_id = found.one()
    place = place_of(quiz, course_id)
    question = (await asked_in(session, attempt))[answer.question_id]
    graded = graded_of(earned, possible)
    answer.is_correct = graded.fraction == 1
    answer.points = points_of(question, Answer(entries=answer.entries), graded, place)
    await session.flush()
    await settle_attempt(session, attempt, answers, place=place, timezone=str(attempt.saved.get("timezone", "UTC")))


async def fail_run(session: AsyncSession, run_id: UUID, problem: str) -> bool:
    """Give up on a program that could not be run. An answer then waits for a person to mark it.

    Returns:
        False when a result was stored before: then nothing is changed.
    """
    run = await _unfinished(session, run_id)
    if run is None:
        return False
    run.status, run.problem, run.finished_at = TrialStatus.FAILED, problem, func.now()
    await session.flush()
    return True


async def _unfinished(session: AsyncSession, run_id: UUID) -> QuestionRun | None:
    return await session.scalar(
        select(QuestionRun)
        .where(QuestionRun.id == run_id, QuestionRun.status.in_(UNFINISHED))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def forget_samples(session: AsyncSession) -> int:
    """Delete what learners tried and finished more than a day ago; returns how many there were."""
    gone = await session.execute(
        delete(QuestionRun)
        .where(
            QuestionRun.purpose == QuestionRunPurpose.SAMPLE,
            QuestionRun.requested_at < now() - KEPT_FOR,
            QuestionRun.status.not_in(UNFINISHED),
        )
        .returning(QuestionRun.id)
    )
    return len(gone.all())
