"""A course's bank of questions, as its authors write it. A question of it is changed like one of a quiz."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.authoring.write_questions import create_in_bank
from codezest.services.learning.actions.teaching.write_question import import_questions
from codezest.services.learning.queries import authoring
from codezest.services.learning.queries.bank import BankFilter, bank, topics
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import (
    AuthoredQuestion,
    AuthoredQuestionPage,
    BankTopics,
    ImportedQuestions,
)
from codezest.services.learning.schemas.authoring import NewQuestion, QuizToImport
from codezest_db.enums import Difficulty, QuestionType

router = APIRouter(tags=["authoring"])
Words = Annotated[str | None, Query(max_length=200)]


@router.get("/courses/{course_id}/bank")
async def read_bank(
    context: Context,
    course_id: UUID,
    *,
    topic: Words = None,
    difficulty: Difficulty | None = None,
    type: QuestionType | None = None,  # noqa: A002 - the name of the parameter
    q: Words = None,
    asked: Annotated[bool | None, Query(description="Whether an attempt has asked it already.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 25,
) -> AuthoredQuestionPage:
    """Questions with their keys, the newest first. `q` is what stands somewhere in the text."""
    wanted = BankFilter(topic=topic, difficulty=difficulty, type=type, words=q, asked=asked)
    return await bank(context.database.pool("learning"), context.actor, course_id, wanted, cursor=cursor, limit=limit)


@router.get("/courses/{course_id}/bank/topics")
async def read_topics(context: Context, course_id: UUID) -> BankTopics:
    """How many questions a draw could choose from, by topic and difficulty."""
    return await topics(context.database.pool("learning"), context.actor, course_id)


@router.post("/courses/{course_id}/bank", response_model=AuthoredQuestion, status_code=201)
async def add_to_bank(context: Context, course_id: UUID, new: NewQuestion) -> Response:
    """Add a question, with its options or its key. It has to be complete: it may be drawn at any time."""
    async with context.database.write("learning") as session:
        question_id = await create_in_bank(session, context.actor, course_id, new)
    body = await authoring.question_json(context.database.pool("learning"), context.actor, question_id)
    return json_answer(body, status=201)


@router.post("/courses/{course_id}/bank/import")
async def import_quiz(context: Context, course_id: UUID, quiz: QuizToImport) -> ImportedQuestions:
    """Copy the questions of a quiz into the bank. One that cannot be answered, or stands there already, is left out."""
    async with context.database.write("learning") as session:
        copied = await import_questions(session, context.actor, quiz.quiz_id, course_id)
    return ImportedQuestions(copied=copied)
