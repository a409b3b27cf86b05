"""Stores a quiz's questions and options. Rows are kept for good: learners' answers refer to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.columns import Columns, option_columns, question_columns
from codezest.services.learning.content.model import QuizContent
from codezest_db.models.learning import Option, Question


async def store_questions(session: AsyncSession, quiz: QuizContent) -> None:
    """Insert, update or mark as deleted, so that the quiz has exactly the questions and options of ``quiz``."""
    questions = list(await session.scalars(select(Question).where(Question.quiz_id == quiz.id)))
    wanted_questions = {
        question.id: question_columns(question, quiz.id, position)
        for position, question in enumerate(quiz.questions, start=1)
    }
    _reconcile(session, Question, questions, wanted_questions)
    await session.flush()
    ids = {row.id for row in questions} | set(wanted_questions)
    options = list(await session.scalars(select(Option).where(Option.question_id.in_(ids))))
    wanted_options = {
        option.id: option_columns(option, question.id, position)
        for question in quiz.questions
        for position, option in enumerate(question.options, start=1)
    }
    _reconcile(session, Option, options, wanted_options)
    await session.flush()


def _reconcile(session: AsyncSession, model: type[Any], rows: list[Any], wanted: dict[UUID, Columns]) -> None:
    present = {row.id: row for row in rows}
    for identity, columns in wanted.items():
        row = present.get(identity)
        if row is None:
            session.add(model(id=identity, **columns))
            continue
        # A value that is set to itself makes no UPDATE.
        for column, value in (columns | {"deleted_at": None}).items():
            setattr(row, column, value)
    for identity, row in present.items():
        if identity not in wanted and row.deleted_at is None:
            row.deleted_at = datetime.now(UTC)
