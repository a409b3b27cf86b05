"""Hold published content to what learners need."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning import kinds, rules
from codezest.services.learning.actions.authoring.check_kind import columns_of, tests_of
from codezest.services.learning.errors import NotReady
from codezest.services.learning.queries.asked import CONTENT
from codezest.services.learning.questions import problems_of
from codezest.services.learning.questions.asked import Asked
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, Material, Module, Question, Quiz

QUESTIONS_OF_QUIZ = text(f"""
SELECT ({CONTENT})::text FROM learning.questions q
WHERE q.quiz_id = :id AND q.deleted_at IS NULL ORDER BY q.position, q.id
""")
ONE_QUESTION = text(f"SELECT ({CONTENT})::text FROM learning.questions q WHERE q.id = :id")


async def check_ready(session: AsyncSession, item: Material | Assignment | Quiz) -> None:
    """Refuse a published item that lacks something. Call it after whatever was changed in it was flushed.

    Raises:
        NotReady: says what is missing.
    """
    if item.status is not PublicationStatus.PUBLISHED:
        return
    match item:
        case Material():
            missing = rules.missing_in_material(
                {column.key: getattr(item, column.key) for column in Material.__table__.columns}
            )
        case Assignment():
            missing = await _missing_in_assignment(session, item)
        case Quiz():
            missing = await _missing_in_quiz(session, item)
    if missing:
        raise NotReady(missing)


async def check_question(session: AsyncSession, question: Question) -> None:
    """Refuse a question of a bank that lacks something: whatever stands there may be drawn at any time.

    Raises:
        NotReady: says what is missing.
    """
    content = await session.scalar(ONE_QUESTION, {"id": question.id})
    missing = problems_of(Asked.of(json.loads(str(content))))
    if missing:
        raise NotReady(missing)


async def _missing_in_assignment(session: AsyncSession, assignment: Assignment) -> list[str]:
    tests = [columns_of(test) for test in await tests_of(session, assignment)]
    return [fault.message for fault in kinds.lacks(columns_of(assignment), tests)]


async def _missing_in_quiz(session: AsyncSession, quiz: Quiz) -> list[str]:
    contents = (await session.scalars(QUESTIONS_OF_QUIZ, {"id": quiz.id})).all()
    questions = [Asked.of(json.loads(content)) for content in contents]
    draws = [await _drawn(session, quiz, draw) for draw in quiz.draws or []]
    return rules.missing_in_quiz([(one.text, problems_of(one)) for one in questions], quiz.draw_count, draws)


async def _drawn(session: AsyncSession, quiz: Quiz, draw: dict[str, Any]) -> tuple[str, int, int]:
    """What a draw asks for, in words; how many; and how many there are."""
    course_id = select(Module.course_id).where(Module.id == quiz.module_id).scalar_subquery()
    bank = select(func.count()).where(Question.course_id == course_id, Question.deleted_at.is_(None))
    words = "questions"
    if draw.get("difficulty"):
        bank = bank.where(Question.difficulty == draw["difficulty"])
        words = f"{draw['difficulty']} questions"
    if draw.get("topic"):
        bank = bank.where(Question.topic == draw["topic"])
        words += f" about “{draw['topic']}”"
    return words, draw["count"], await session.scalar(bank) or 0
