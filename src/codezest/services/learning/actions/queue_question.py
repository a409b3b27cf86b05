"""Ask for the programs of questions to be run: graded answers, tries of learners, checks of solutions."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, delete, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.draw_questions import asked_in
from codezest.services.learning.actions.next_turn import next_turn
from codezest.services.learning.actions.queue_program import check_size
from codezest.services.learning.errors import (
    AttemptAlreadySubmitted,
    AttemptExpired,
    NothingToRun,
    NotRunnable,
    TooManyUnfinished,
)
from codezest.services.learning.policies import access_quiz
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.queries.asked import KEY_SHA256
from codezest.services.learning.questions.asked import Asked
from codezest.services.learning.questions.programs import code_key
from codezest.services.learning.repository import lock_learner
from codezest_db.enums import AttemptStatus, QuestionRunPurpose, QuestionType, SubmissionStatus, TrialStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Module, Question, QuestionRun, Quiz, QuizAnswer, QuizAttempt, Submission

RUN = "learning.run_question"
"""The job that runs a question's program. Payload: run_id, attempt (1 unless given)."""
SHA256 = text(f"SELECT {KEY_SHA256} FROM learning.questions q WHERE q.id = :id")  # noqa: S608 - constants
UNFINISHED = (TrialStatus.PENDING, TrialStatus.RUNNING)


async def queue_answers(session: AsyncSession, attempt: QuizAttempt, answers: Sequence[QuizAnswer]) -> None:
    """Ask for the grading of an attempt's answers that are programs; each has a turn of its own."""
    for answer in answers:
        run = QuestionRun(
            id=uuid7(),
            purpose=QuestionRunPurpose.ANSWER,
            question_id=answer.question_id,
            user_id=attempt.user_id,
            attempt_id=attempt.id,
            answer_id=answer.id,
        )
        await _queue(session, run)


async def queue_sample(session: AsyncSession, actor: Actor, attempt_id: UUID, question_id: UUID, code: str) -> UUID:
    """Run a program on the tests that its question shows. It takes the place of the one tried before, and counts for nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled: see `policies.admit`; an attempt of somebody else is not found.
        AttemptAlreadySubmitted, AttemptExpired: it is over.
        NotRunnable: the question is not answered by a program, or there is none yet.
        NothingToRun: the question shows no tests.
        CodeTooLarge, TooManyUnfinished: as they say.
    """
    user_id = actor.require_user()
    attempt = await session.scalar(
        select(QuizAttempt).where(QuizAttempt.id == attempt_id, QuizAttempt.user_id == user_id)
    )
    if attempt is None:
        raise NotFound
    await access_quiz(await driver_connection(session), actor, attempt.quiz_id, even_locked=True)
    if attempt.status is AttemptStatus.EXPIRED or rules.is_past(attempt.deadline_at, now(), grace=rules.SUBMIT_GRACE):
        raise AttemptExpired
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        raise AttemptAlreadySubmitted
    asked = (await asked_in(session, attempt)).get(question_id)
    if asked is None:
        raise NotFound
    _check_program(asked, code)
    await lock_learner(session, user_id)
    await _check_room(session, user_id)
    mine = (
        QuestionRun.purpose == QuestionRunPurpose.SAMPLE,
        QuestionRun.attempt_id == attempt_id,
        QuestionRun.question_id == question_id,
    )
    run = QuestionRun(
        id=uuid7(),
        purpose=QuestionRunPurpose.SAMPLE,
        question_id=question_id,
        user_id=user_id,
        attempt_id=attempt_id,
        code=code,
    )
    await _queue(session, run, instead_of=mine)
    return run.id


def _check_program(asked: Asked, code: str) -> None:
    """Refuse what cannot be run on a question's visible tests.

    Raises:
        NotRunnable, NothingToRun, CodeTooLarge: as they say.
    """
    key = code_key(asked.type, asked.key)
    if key is None:
        raise NotRunnable(_("This question is not answered by a program."))
    if not any(test.visible for test in key.tests):
        raise NothingToRun(_("This question shows no tests."))
    if not code.strip():
        raise NotRunnable(_("There is no program yet. Write one first."))
    check_size(code)


async def _check_room(session: AsyncSession, user_id: UUID) -> None:
    """Raises: TooManyUnfinished: too many programs of the learner wait already, whatever they are for."""
    unfinished = (SubmissionStatus.PENDING, SubmissionStatus.RUNNING)
    submissions = select(func.count()).where(
        Submission.user_id == user_id, Submission.status.in_(unfinished), Submission.deleted_at.is_(None)
    )
    runs = select(func.count()).where(QuestionRun.user_id == user_id, QuestionRun.status.in_(UNFINISHED))
    waiting = await session.scalar(select(submissions.scalar_subquery() + runs.scalar_subquery())) or 0
    if waiting >= rules.MAX_UNFINISHED:
        raise TooManyUnfinished(rules.MAX_UNFINISHED)


async def request_check(session: AsyncSession, actor: Actor, question_id: UUID) -> None:
    """Have a question's solution run on all of its tests, whether that was done before or not.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotRunnable: the question is not answered by a program, or has none yet.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    if code_key(question.type, question.answer_key) is None:
        raise NotRunnable(_("There is no solution to check yet. Write it first."))
    await _queue_check(session, question_id, await _sha256_of_key(session, question_id))


async def check_if_changed(session: AsyncSession, question: Question) -> None:
    """Have a question's solution run unless that was done, or asked for, since it changed last."""
    if question.deleted_at is not None or code_key(question.type, question.answer_key) is None:
        return
    sha256 = await _sha256_of_key(session, question.id)
    done = select(QuestionRun.id).where(
        QuestionRun.purpose == QuestionRunPurpose.CHECK,
        QuestionRun.question_id == question.id,
        QuestionRun.key_sha256 == sha256,
        QuestionRun.status != TrialStatus.FAILED,
    )
    if await session.scalar(done) is None:
        await _queue_check(session, question.id, sha256)


async def check_changed_in(session: AsyncSession, course_id: UUID) -> None:
    """The same of every question of a course, in its quizzes and in its bank: they came in, or came back, many at once."""
    await session.flush()
    banked = select(Question.id).where(Question.course_id == course_id)
    asked = (
        select(Question.id)
        .join(Quiz, Quiz.id == Question.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .where(Module.course_id == course_id, Module.deleted_at.is_(None), Quiz.deleted_at.is_(None))
    )
    q = aliased(Question, name="q")
    sha256 = literal_column(KEY_SHA256, String)
    done = (
        select(QuestionRun.id)
        .where(
            QuestionRun.purpose == QuestionRunPurpose.CHECK,
            QuestionRun.question_id == q.id,
            QuestionRun.key_sha256 == sha256,
            QuestionRun.status != TrialStatus.FAILED,
        )
        .exists()
    )
    programs = select(q.id, q.answer_key, sha256.label("sha256")).where(
        q.id.in_(banked.union_all(asked)), q.type == QuestionType.CODE, q.deleted_at.is_(None), ~done
    )
    for row in (await session.execute(programs.order_by(q.id))).all():
        if code_key(QuestionType.CODE, row.answer_key) is not None:
            await _queue_check(session, row.id, row.sha256)


async def _sha256_of_key(session: AsyncSession, question_id: UUID) -> str:
    await session.flush()
    return str(await session.scalar(SHA256, {"id": question_id}))


async def _queue_check(session: AsyncSession, question_id: UUID, sha256: str) -> None:
    mine = (QuestionRun.purpose == QuestionRunPurpose.CHECK, QuestionRun.question_id == question_id)
    run = QuestionRun(id=uuid7(), purpose=QuestionRunPurpose.CHECK, question_id=question_id, key_sha256=sha256)
    await _queue(session, run, instead_of=mine)


async def _queue(session: AsyncSession, run: QuestionRun, *, instead_of: Sequence[ColumnElement[bool]] = ()) -> None:
    run.turn = await next_turn(session, run.user_id)  # that of the run before counts
    if instead_of:
        await session.execute(delete(QuestionRun).where(*instead_of))
    session.add(run)
    await session.flush()
    await queue_job(session, run.id, turn=run.turn)


async def queue_job(
    session: AsyncSession,
    run_id: UUID,
    *,
    turn: int | None = None,
    attempt: int = 1,
    delay: timedelta | None = None,
) -> None:
    """Ask for one attempt at running it. A further one keeps its turn (looked up unless given)."""
    if turn is None:
        turn = await session.scalar(select(QuestionRun.turn).where(QuestionRun.id == run_id))
    await jobs.enqueue(
        session,
        RUN,
        {"run_id": str(run_id), "attempt": attempt},
        priority=jobs.in_turn(turn or 0),
        delay=delay,
        dedupe_key=f"{RUN}:{run_id}:{attempt}",
    )
