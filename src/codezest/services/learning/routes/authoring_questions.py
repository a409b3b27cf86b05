"""Questions and options, as authors write them."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.authoring import write_questions
from codezest.services.learning.queries import authoring
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import AuthoredQuestion
from codezest.services.learning.schemas.authoring import NewOption, NewQuestion, OptionChange, QuestionChange

router = APIRouter(tags=["authoring"])


async def _question(context: Context, question_id: UUID, status: int = 200) -> Response:
    body = await authoring.question_json(context.database.pool("learning"), context.actor, question_id)
    return json_answer(body, status=status)


@router.post("/quizzes/{quiz_id}/questions", response_model=AuthoredQuestion, status_code=201)
async def create_question(context: Context, quiz_id: UUID, new: NewQuestion) -> Response:
    """Add a question, with its options, behind the others."""
    async with context.database.write("learning") as session:
        question_id = await write_questions.create_question(session, context.actor, quiz_id, new)
    return await _question(context, question_id, 201)


@router.get("/questions/{question_id}/authoring", response_model=AuthoredQuestion)
async def read_question(context: Context, question_id: UUID) -> Response:
    """A question with its options or its key."""
    return await _question(context, question_id)


@router.patch("/questions/{question_id}", response_model=AuthoredQuestion)
async def change_question(context: Context, question_id: UUID, change: QuestionChange) -> Response:
    """Change what is named."""
    async with context.database.write("learning") as session:
        await write_questions.change_question(session, context.actor, question_id, change)
    return await _question(context, question_id)


@router.delete("/questions/{question_id}", status_code=204)
async def remove_question(context: Context, question_id: UUID) -> None:
    """Remove a question. Attempts that asked it keep it."""
    async with context.database.write("learning") as session:
        await write_questions.remove_question(session, context.actor, question_id)


@router.post("/questions/{question_id}/options", response_model=AuthoredQuestion, status_code=201)
async def create_option(context: Context, question_id: UUID, new: NewOption) -> Response:
    """Add an option behind the others; answers with the whole question."""
    async with context.database.write("learning") as session:
        await write_questions.create_option(session, context.actor, question_id, new)
    return await _question(context, question_id, 201)


@router.patch("/options/{option_id}", response_model=AuthoredQuestion)
async def change_option(context: Context, option_id: UUID, change: OptionChange) -> Response:
    """Change what is named; answers with the whole question."""
    async with context.database.write("learning") as session:
        question_id = await write_questions.change_option(session, context.actor, option_id, change)
    return await _question(context, question_id)


@router.delete("/options/{option_id}", status_code=204)
async def remove_option(context: Context, option_id: UUID) -> None:
    """Remove an option."""
    async with context.database.write("learning") as session:
        await write_questions.remove_option(session, context.actor, option_id)
