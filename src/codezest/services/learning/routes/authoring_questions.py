"""Questions and options, as authors write them."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring import order_parts, write_questions
from codezest.services.learning.actions.teaching import write_question
from codezest.services.learning.queries import authoring
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import AuthoredQuestion, AuthoredQuiz
from codezest.services.learning.schemas.authoring import (
    NewOption,
    NewQuestion,
    OptionChange,
    PartOrder,
    QuestionChange,
    QuestionMove,
    QuestionOrder,
    QuestionPlace,
)

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


@router.put("/questions/{question_id}/options/order", response_model=AuthoredQuestion)
async def order_options(context: Context, question_id: UUID, order: PartOrder) -> Response:
    """Put the options in order: every one, once."""
    async with context.database.write("learning") as session:
        await order_parts.order_options(session, context.actor, question_id, order.ids)
    return await _question(context, question_id)


@router.put("/quizzes/{quiz_id}/questions/order", response_model=AuthoredQuiz)
async def order_questions(context: Context, quiz_id: UUID, order: QuestionOrder) -> Response:
    """Put the questions in order: every one, once. 409 `content-changed-elsewhere` where others changed the order."""
    async with context.database.write("learning") as session:
        await order_parts.order_questions(session, context.actor, quiz_id, order.ids, seen=order.revision)
    return json_answer(await authoring.quiz_json(context.database.pool("learning"), context.actor, quiz_id))


@router.post("/questions/{question_id}/copies", response_model=AuthoredQuestion, status_code=201)
async def copy_question(context: Context, question_id: UUID, place: QuestionPlace) -> Response:
    """Copy a question with its options or its key, behind the others of a quiz or into the bank of a course."""
    _check_place(place)
    async with context.database.write("learning") as session:
        copy_id = await write_question.copy_question(
            session, context.actor, question_id, quiz_id=place.quiz_id, course_id=place.course_id
        )
    return await _question(context, copy_id, 201)


@router.post("/questions/{question_id}/moves", response_model=AuthoredQuestion, status_code=201)
async def move_question(context: Context, question_id: UUID, move: QuestionMove) -> Response:
    """Move a question behind the others of a quiz or into the bank of a course, where it gets another id.

    Attempts that asked it keep it; where it was, it is deleted.
    """
    _check_place(move)
    async with context.database.write("learning") as session:
        moved_id = await write_question.move_question(
            session,
            context.actor,
            question_id,
            quiz_id=move.quiz_id,
            course_id=move.course_id,
            seen=move.revision,
        )
    return await _question(context, moved_id, 201)


def _check_place(place: QuestionPlace) -> None:
    """Raises: ValidationFailed: it is none, or two."""
    if (place.quiz_id is None) == (place.course_id is None):
        raise ValidationFailed.of("quiz_id", _("Name a quiz, or a course for its bank."))
