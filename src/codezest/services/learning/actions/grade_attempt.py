"""Give an attempt its points, and with them what they bring: progress, a day of study, an event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import QuizSubmitted
from codezest.kit import outbox
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.queue_question import queue_answers
from codezest.services.learning.actions.record_progress import record_progress
from codezest.services.learning.questions import is_left_open, kind_of
from codezest.services.learning.questions.asked import Answer, Asked, Graded, entry_in_words, misfit
from codezest.services.learning.rules import scoring
from codezest.services.learning.rules.timing import Lateness, after_penalty
from codezest_db.enums import AttemptStatus, QuestionType, Scoring
from codezest_db.models.learning import QuizAnswer, QuizAttempt


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer(Answer):
    """What was answered to one question of an attempt."""

    question_id: UUID
    seconds_spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quiz stands, how it counts, and what passes it."""

    course_id: UUID
    module_id: UUID
    passing_score: int
    scoring: Scoring = Scoring.ALL_OR_NOTHING
    wrong_penalty_percent: int = 0


def saved_answers(saved: Mapping[str, Any], asked: Mapping[UUID, Asked]) -> list[GivenAnswer]:
    """What an attempt's `saved` holds as answers. What fits no question of it is left out."""
    kept: list[GivenAnswer] = []
    for name, one in saved.get("questions", {}).items():
        question = asked.get(UUID(name))
        if question is None:
            continue
        offered = {option.id for option in question.options}
        chosen = [UUID(option) for option in one.get("option_ids", ())]
        fields = kind_of(question).fields(question, order="")
        entries: Mapping[str, str] = one.get("entries", {})
        kept.append(
            GivenAnswer(
                question_id=question.id,
                option_ids=[option for option in dict.fromkeys(chosen) if option in offered],
                entries={field: entry for field, entry in entries.items() if misfit(fields, {field: entry}) is None},
                seconds_spent=one.get("seconds_spent"),
            )
        )
    return kept


async def grade_attempt(
    session: AsyncSession,
    attempt: QuizAttempt,
    asked: Mapping[UUID, Asked],
    answers: Iterable[GivenAnswer],
    *,
    place: Place,
    late: Lateness,
    moment: datetime,
    timezone: str,
) -> None:
    """Grade the answers and store them; questions without one count as wrong. The attempt's row is locked.

    `moment` is when the attempt ended, `timezone` the learner's, which says what day that was. The attempt waits as SUBMITTED
    while an answer has to be marked by somebody.
    """
    given = {answer.question_id: answer for answer in answers}
    looked_at: dict[str, Any] = attempt.saved.get("questions", {})
    rows = [
        _row(question, given.get(question_id), place, looked_at.get(str(question_id), {}).get("seconds_spent"))
        for question_id, question in asked.items()
    ]
    for row in rows:
        row.attempt_id = attempt.id
    session.add_all(rows)
    attempt.completed_at = max(moment, attempt.started_at)
    attempt.time_taken_seconds = max(0, round((moment - attempt.started_at).total_seconds()))
    attempt.is_late, attempt.late_penalty_percent = late.is_late, late.percent
    attempt.status = AttemptStatus.SUBMITTED
    await session.flush()
    waiting = [row for row in rows if row.is_correct is None and asked[row.question_id].type is QuestionType.CODE]
    await queue_answers(session, attempt, waiting)
    answered = sum(1 for name, answer in given.items() if not is_left_open(asked[name], answer))
    await settle_attempt(session, attempt, rows, place=place, timezone=timezone)
    if answered:
        await count_study(session, attempt.user_id, timezone, answers=answered, moment=moment)


def _row(question: Asked, answer: GivenAnswer | None, place: Place, looked_at: int | None) -> QuizAnswer:
    kind = kind_of(question)
    given = answer or GivenAnswer(question_id=question.id)
    if is_left_open(question, given):  # the program that one starts from was sent back, and is no answer
        given = GivenAnswer(question_id=question.id, seconds_spent=given.seconds_spent)
    graded = kind.grade(question, given)
    fields = kind.fields(question, order="")
    words = [entry_in_words(field, given.entries.get(field.name, "")) for field in fields]
    return QuizAnswer(
        question_id=question.id,
        option_ids=list(given.option_ids),
        entries=dict(given.entries),
        text_answer="; ".join(words) if any(words) else None,
        is_correct=None if graded.fraction is None else graded.fraction == 1,
        points=points_of(question, given, graded, place),
        max_points=question.points,
        seconds_spent=looked_at if given.seconds_spent is None else given.seconds_spent,
    )


def points_of(question: Asked, answer: Answer, graded: Graded, place: Place) -> Decimal:
    """What an answer earns where its quiz stands; nothing while it waits."""
    if graded.fraction is None:
        return Decimal(0)
    earned = scoring.hundredths(
        question.points,
        graded.fraction,
        scoring=place.scoring,
        wrong_penalty_percent=place.wrong_penalty_percent,
        is_empty=is_left_open(question, answer),
    )
    return Decimal(earned) / scoring.HUNDREDTHS


async def settle_attempt(
    session: AsyncSession, attempt: QuizAttempt, answers: Sequence[QuizAnswer], *, place: Place, timezone: str
) -> None:
    """Count an attempt whose answers have all been marked; called again after a mark has changed. Its row is locked.

    Lateness takes away of the score, which decides whether it is passed; the points stay as they were earned.
    """
    if any(answer.is_correct is None for answer in answers):
        return
    earned = scoring.total(int(answer.points * scoring.HUNDREDTHS) for answer in answers)
    possible = sum(answer.max_points or 0 for answer in answers)
    raw = scoring.percent_of(earned, possible)
    score = after_penalty(raw, attempt.late_penalty_percent)
    passed = score >= place.passing_score
    assert attempt.completed_at is not None
    ran_out = attempt.completed_at == attempt.deadline_at  # as `expire_attempts` has it, to the microsecond
    is_first, had_passed = attempt.score is None, bool(attempt.passed)
    attempt.max_points, attempt.points = possible, Decimal(earned) / scoring.HUNDREDTHS
    attempt.score, attempt.passed = score, passed
    attempt.raw_score = raw if attempt.late_penalty_percent else None
    attempt.status = AttemptStatus.EXPIRED if ran_out else AttemptStatus.GRADED
    await session.flush()
    await record_progress(session, attempt.user_id, course_id=place.course_id, module_id=place.module_id)
    if passed and not had_passed and await _passed_never_before(session, attempt):
        await count_study(session, attempt.user_id, timezone, steps=1, moment=attempt.completed_at)
    if not is_first:
        return
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
