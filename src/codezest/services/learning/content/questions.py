"""Stores a quiz's questions and options. Rows are kept for good: learners' answers refer to them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.columns import (
    Columns,
    bank_columns,
    bank_revision,
    option_columns,
    question_columns,
)
from codezest.services.learning.content.model import QuestionContent, QuizContent
from codezest_db.models.learning import Option, Question


async def store_questions(session: AsyncSession, quiz: QuizContent) -> bool:
    """Insert, update or mark as deleted, so that the quiz has exactly the questions and options of ``quiz``.

    Returns:
        whether that changed anything.
    """
    questions = list(await session.scalars(select(Question).where(Question.quiz_id == quiz.id)))
    positions = standing(questions, [question.id for question in quiz.questions])
    wanted_questions = {
        question.id: question_columns(question, quiz.id, positions[question.id]) for question in quiz.questions
    }
    changed = _reconcile(session, Question, questions, wanted_questions)
    await session.flush()
    ids = {row.id for row in questions} | set(wanted_questions)
    return await _store_options(session, quiz.questions, ids) or changed


def standing(rows: Sequence[Any], ids: Sequence[UUID]) -> dict[UUID, int]:
    """Positions for these ids: as many as can stay where they are do, and where none is known they count from 1."""
    present = {row.id: row.position for row in rows}
    if all(identity in present for identity in ids):
        kept = [(present[identity], identity) for identity in ids]
        if kept == sorted(kept):
            return {identity: position for position, identity in kept}
    positions: dict[UUID, int] = {}
    last = 0
    for identity in ids:
        position = present.get(identity, -1)
        last = position if position > last or (not positions and position >= 0) else last + 1
        positions[identity] = last
    return positions


async def store_bank(
    session: AsyncSession, questions: Sequence[QuestionContent], course: UUID, *, by_author: bool = False
) -> bool:
    """Make the bank hold these; what the files once gave and give no longer is marked as deleted, the browser's is left alone.
    Files that an author brings in say all that the bank shall hold.

    Returns:
        whether any question was created, changed or removed.
    """
    ids = [question.id for question in questions]
    rows = {
        row.id: row
        for row in await session.scalars(
            select(Question).where(
                Question.course_id == course,
                or_(true() if by_author else false(), Question.content_revision.is_not(None), Question.id.in_(ids)),
            )
        )
    }
    revisions = {question.id: bank_revision(question, course) for question in questions}
    touched = [
        question
        for question in questions
        if question.id not in rows
        or rows[question.id].content_revision != revisions[question.id]
        or rows[question.id].deleted_at is not None
        or by_author
    ]
    gone = [row for row in rows.values() if row.id not in revisions and row.deleted_at is None]
    for row in gone:
        row.deleted_at = datetime.now(UTC)
    wanted = {
        question.id: bank_columns(question, course)
        | ({} if by_author else {"content_revision": revisions[question.id]})
        for question in touched
    }
    changed = _reconcile(session, Question, [rows[name] for name in wanted if name in rows], wanted)
    await session.flush()
    return await _store_options(session, touched, {question.id for question in touched}) or changed or bool(gone)


async def _store_options(session: AsyncSession, questions: Sequence[QuestionContent], ids: set[UUID]) -> bool:
    options = list(await session.scalars(select(Option).where(Option.question_id.in_(ids))))
    wanted: dict[UUID, Columns] = {}
    for question in questions:
        positions = standing(options, [option.id for option in question.options])
        wanted |= {option.id: option_columns(option, question.id, positions[option.id]) for option in question.options}
    changed = _reconcile(session, Option, options, wanted)
    await session.flush()
    return changed


def _reconcile(session: AsyncSession, model: type[Any], rows: list[Any], wanted: dict[UUID, Columns]) -> bool:
    present = {row.id: row for row in rows}
    changed = False
    for identity, columns in wanted.items():
        row = present.get(identity)
        if row is None:
            session.add(model(id=identity, **columns))
            changed = True
            continue
        for column, value in (columns | {"deleted_at": None}).items():
            if getattr(row, column) != value:
                setattr(row, column, value)
                changed = changed or column != "content_revision"
    for identity, row in present.items():
        if identity not in wanted and row.deleted_at is None:
            row.deleted_at = datetime.now(UTC)
            changed = True
    return changed
