"""Hand in the answers to a quiz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import QuizSubmitted
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning import rules
from codezest.services.learning.actions.record_progress import record_progress
from codezest.services.learning.errors import AnswersNotAccepted, AttemptAlreadySubmitted, AttemptExpired
from codezest.services.learning.policies import access_quiz
from codezest_db.enums import AttemptStatus, QuestionType
from codezest_db.models.learning import Option, Question, QuizAnswer, QuizAttempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The options chosen for one question."""

    question_id: UUID
    option_ids: Sequence[UUID]
    seconds_spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question of the attempt, with the key to it."""

    type: QuestionType
    points: int
    options: frozenset[UUID]
    correct: frozenset[UUID]


async def submit_attempt(session: AsyncSession, actor: Actor, attempt_id: UUID, answers: Sequence[Answer]) -> None:
    """Grade the answers, store them and recount the progress. Questions without an answer count as wrong.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled: see `policies.admit`; an attempt of somebody else is not found.
        AttemptAlreadySubmitted, AttemptExpired: nothing is changed.
        AnswersNotAccepted: an answer does not fit; nothing is changed.
    """
    user_id = actor.require_user()
    attempt = await session.scalar(
        select(QuizAttempt).where(QuizAttempt.id == attempt_id, QuizAttempt.user_id == user_id).with_for_update()
    )
    if attempt is None:
        raise NotFound
    access = await access_quiz(await driver_connection(session), actor, attempt.quiz_id, even_locked=True)
    moment = now()
    if attempt.status is AttemptStatus.EXPIRED:
        raise AttemptExpired
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        raise AttemptAlreadySubmitted
    if rules.is_past(attempt.deadline_at, moment, grace=rules.SUBMIT_GRACE):
        raise AttemptExpired
    asked = await _asked(session, attempt.question_ids)
    _check(asked, answers)
    given = {answer.question_id: answer for answer in answers}
    earned = 0
    for question_id, question in asked.items():
        answer = given.get(question_id)
        right = answer is not None and rules.answer_is_right(question.correct, answer.option_ids)
        points = question.points if right else 0
        earned += points
        session.add(
            QuizAnswer(
                attempt_id=attempt.id,
                question_id=question_id,
                option_ids=list(answer.option_ids) if answer else [],
                is_correct=right,
                points=points,
                seconds_spent=answer.seconds_spent if answer else None,
            )
        )
    possible = sum(question.points for question in asked.values())
    score = rules.percent(earned, possible)
    passed = score >= access.passing_score
    attempt.max_points, attempt.points, attempt.score, attempt.passed = possible, earned, score, passed
    attempt.status = AttemptStatus.GRADED
    attempt.completed_at = max(moment, attempt.started_at)
    attempt.time_taken_seconds = max(0, round((moment - attempt.started_at).total_seconds()))
    await session.flush()
    await record_progress(session, user_id, course_id=access.course_id, module_id=access.module_id)
    await outbox.publish(
        session,
        QuizSubmitted(
            user_id=user_id,
            course_id=access.course_id,
            quiz_id=attempt.quiz_id,
            attempt_id=attempt.id,
            score=score,
            passed=passed,
        ),
    )


async def _asked(session: AsyncSession, question_ids: Sequence[UUID]) -> dict[UUID, _Asked]:
    """The attempt's questions. An option that was removed meanwhile may still be chosen, and is not right."""
    questions = await session.execute(
        select(Question.id, Question.type, Question.points).where(Question.id.in_(question_ids))
    )
    options = (
        await session.execute(
            select(Option.id, Option.question_id, Option.is_correct, Option.deleted_at).where(
                Option.question_id.in_(question_ids)
            )
        )
    ).all()
    return {
        row.id: _Asked(
            type=row.type,
            points=row.points,
            options=frozenset(option.id for option in options if option.question_id == row.id),
            correct=frozenset(
                option.id
                for option in options
                if option.question_id == row.id and option.is_correct and option.deleted_at is None
            ),
        )
        for row in questions.all()
    }


def _check(asked: Mapping[UUID, _Asked], answers: Sequence[Answer]) -> None:
    """Refuse answers that do not fit the questions.

    Raises:
        AnswersNotAccepted: names each answer that does not fit, and why.
    """
    seen: set[UUID] = set()
    errors: list[dict[str, object]] = []
    for index, answer in enumerate(answers):
        message = _misfit(asked.get(answer.question_id), answer, repeated=answer.question_id in seen)
        seen.add(answer.question_id)
        if message is not None:
            errors.append({"location": ["body", "answers", index], "message": message})
    if errors:
        raise AnswersNotAccepted("Nothing was changed. " + str(errors[0]["message"]), errors=errors)


def _misfit(question: _Asked | None, answer: Answer, *, repeated: bool) -> str | None:
    if question is None:
        return "This question does not belong to the attempt."
    if repeated:
        return "This question is answered twice."
    if not question.options.issuperset(answer.option_ids):
        return "An option does not belong to the question."
    if len(set(answer.option_ids)) < len(answer.option_ids):
        return "An option is chosen twice."
    if question.type in rules.ONE_ANSWER_TYPES and len(answer.option_ids) > 1:
        return "This question takes one option only."
    return None
