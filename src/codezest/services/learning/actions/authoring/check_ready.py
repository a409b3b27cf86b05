"""Hold published content to what learners need."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.i18n import gettext as _
from codezest.services.learning import kinds, rules
from codezest.services.learning.actions.authoring.check_kind import columns_of
from codezest.services.learning.actions.drawable import drawable
from codezest.services.learning.errors import NotReady
from codezest.services.learning.queries.asked import CONTENT, SOLUTION_FAILS
from codezest.services.learning.questions import problems_of
from codezest.services.learning.questions.asked import Asked
from codezest.services.learning.repository import tests_of
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, Material, Module, Question, Quiz

QUESTIONS_OF_QUIZ = text(f"""
SELECT ({CONTENT})::text FROM learning.questions q
WHERE q.quiz_id = :id AND q.deleted_at IS NULL ORDER BY q.position, q.id
""")
ONE_QUESTION = text(f"SELECT ({CONTENT})::text FROM learning.questions q WHERE q.id = :id")


FAILING = text(f"""
SELECT q.id FROM learning.questions q WHERE q.quiz_id = :id AND q.deleted_at IS NULL AND {SOLUTION_FAILS}
""")
ONE_FAILING = text(f"SELECT {SOLUTION_FAILS} FROM learning.questions q WHERE q.id = :id")


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
    if await session.scalar(ONE_FAILING, {"id": question.id}):
        missing.append(_a_solution())
    if missing:
        raise NotReady(missing)


async def _missing_in_assignment(session: AsyncSession, assignment: Assignment) -> list[str]:
    tests = [columns_of(test) for test in await tests_of(session, assignment)]
    return [fault.message for fault in kinds.lacks(columns_of(assignment), tests)]


async def _missing_in_quiz(session: AsyncSession, quiz: Quiz) -> list[str]:
    contents = (await session.scalars(QUESTIONS_OF_QUIZ, {"id": quiz.id})).all()
    questions = [Asked.of(json.loads(content)) for content in contents]
    draws = [await _drawn(session, quiz, draw) for draw in quiz.draws or []]
    failing = set((await session.scalars(FAILING, {"id": quiz.id})).all())
    lacks = [(one.text, problems_of(one) + [_a_solution()] * (one.id in failing)) for one in questions]
    return rules.missing_in_quiz(lacks, quiz.draw_count, draws)


def _a_solution() -> str:
    return _("a solution that passes its tests")


async def _drawn(session: AsyncSession, quiz: Quiz, draw: dict[str, Any]) -> tuple[str, int, int]:
    """What a draw asks for, in words; how many; and how many there are."""
    course_id = select(Module.course_id).where(Module.id == quiz.module_id).scalar_subquery()
    bank = select(func.count()).select_from(drawable(course_id, draw).subquery())
    difficulty, topic = draw.get("difficulty"), draw.get("topic")
    words = _("questions")
    if difficulty and topic:
        words = _("questions of difficulty %(difficulty)s about “%(topic)s”")
    elif difficulty:
        words = _("questions of difficulty %(difficulty)s")
    elif topic:
        words = _("questions about “%(topic)s”")
    return words % {"difficulty": difficulty, "topic": topic}, draw["count"], await session.scalar(bank) or 0
