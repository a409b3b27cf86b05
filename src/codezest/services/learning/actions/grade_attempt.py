"""Give an attempt its points, and with them what they bring: progress, a day of study, an event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import QuizSubmitted
from codezest.kit import outbox
from codezest.services.learning import rules
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.record_progress import record_progress
from codezest_db.enums import AttemptStatus, QuestionType
from codezest_db.models.learning import Option, Question, QuizAnswer, QuizAttempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The options chosen for one question."""

    question_id: UUID
    option_ids: Sequence[UUID]
    seconds_spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of an attempt, with the key to it."""

    type: QuestionType
    points: int
    options: frozenset[UUID]
    correct: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quiz stands, and what passes it."""

    course_id: UUID
    module_id: UUID
    passing_score: int


async def asked_in(session: AsyncSession, attempt: QuizAttempt) -> dict[UUID, Asked]:
    """The attempt's questions. An option that was removed meanwhile may still be chosen, and is not right."""
    questions = await session.execute(
        select(Question.id, Question.type, Question.points).where(Question.id.in_(attempt.question_ids))
    )
    options = (
        await session.execute(
            select(Option.id, Option.question_id, Option.is_correct, Option.deleted_at).where(
                Option.question_id.in_(attempt.question_ids)
            )
        )
    ).all()
    return {
        row.id: Asked(
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


def saved_answers(saved: Mapping[str, Any], asked: Mapping[UUID, Asked]) -> list[Answer]:
    """What an attempt's `saved` holds as answers. What fits no question of it is left out."""
    kept: list[Answer] = []
    for name, one in saved.get("questions", {}).items():
        question = asked.get(UUID(name))
        if question is None:
            continue
        chosen = [UUID(option) for option in one.get("option_ids", ())]
        kept.append(
            Answer(
                question_id=UUID(name),
                option_ids=[option for option in dict.fromkeys(chosen) if option in question.options],
                seconds_spent=one.get("seconds_spent"),
            )
        )
    return kept


async def grade_attempt(
    session: AsyncSession,
    attempt: QuizAttempt,
    asked: Mapping[UUID, Asked],
    answers: Iterable[Answer],
    *,
    place: Place,
    status: AttemptStatus,
    moment: datetime,
    timezone: str,
) -> None:
    """Grade the answers and store them; questions without one count as wrong. The attempt's row is locked.

    `moment` is when the attempt ended, `timezone` the learner's, which says what day that was.
    """
    given = {answer.question_id: answer for answer in answers}
    looked_at: dict[str, Any] = attempt.saved.get("questions", {})
    earned = 0
    for question_id, question in asked.items():
        answer = given.get(question_id)
        right = answer is not None and rules.answer_is_right(question.correct, answer.option_ids)
        points = question.points if right else 0
        earned += points
        seconds = answer.seconds_spent if answer else None
        session.add(
            QuizAnswer(
                attempt_id=attempt.id,
                question_id=question_id,
                option_ids=list(answer.option_ids) if answer else [],
                is_correct=right,
                points=points,
                seconds_spent=looked_at.get(str(question_id), {}).get("seconds_spent") if seconds is None else seconds,
            )
        )
    possible = sum(question.points for question in asked.values())
    score = rules.percent(earned, possible)
    passed = score >= place.passing_score
    attempt.max_points, attempt.points, attempt.score, attempt.passed = possible, earned, score, passed
    attempt.status = status
    attempt.completed_at = max(moment, attempt.started_at)
    attempt.time_taken_seconds = max(0, round((moment - attempt.started_at).total_seconds()))
    await session.flush()
    newly = passed and await _passed_never_before(session, attempt)
    answered = sum(1 for answer in given.values() if answer.option_ids)
    if answered or newly:
        await count_study(session, attempt.user_id, timezone, answers=answered, steps=int(newly), moment=moment)
    await record_progress(session, attempt.user_id, course_id=place.course_id, module_id=place.module_id)
    await outbox.publish(
        session,
        QuizSubmitted(
            user_id=attempt.user_id,
            course_id=place.course_id,
            quiz_id=attempt.quiz_id,
            attempt_id=attempt.id,
            score=score,
            passed=passed,
        ),
    )


async def _passed_never_before(session: AsyncSession, attempt: QuizAttempt) -> bool:
    before = select(QuizAttempt.id).where(
        QuizAttempt.user_id == attempt.user_id,
        QuizAttempt.quiz_id == attempt.quiz_id,
        QuizAttempt.id != attempt.id,
        QuizAttempt.passed.is_(True),
    )
    return await session.scalar(before.limit(1)) is None
