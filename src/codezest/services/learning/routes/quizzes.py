"""Quizzes and the attempts at them."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.grade_attempt import GivenAnswer
from codezest.services.learning.actions.mark_answer import mark_answer
from codezest.services.learning.actions.save_attempt import KeptQuestion, save_attempt
from codezest.services.learning.actions.start_attempt import start_attempt
from codezest.services.learning.actions.submit_attempt import submit_attempt
from codezest.services.learning.queries import attempts, items
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.attempts import AttemptRevision, AttemptToSave, MarkToGive
from codezest.services.learning.schemas.items import QuizDetail
from codezest.services.learning.schemas.work import AttemptDetail, SentAnswers

router = APIRouter()


@router.get("/quizzes/{quiz_id}", response_model=QuizDetail)
async def read_quiz(context: Context, quiz_id: UUID) -> Response:
    """A quiz and the caller's attempts at it. Its questions come with an attempt."""
    return json_answer(await items.quiz_json(context.database.pool("learning"), context.actor, quiz_id))


@router.post(
    "/quizzes/{quiz_id}/attempts",
    response_model=AttemptDetail,
    status_code=201,
    responses={200: {"model": AttemptDetail, "description": "The attempt that is running already"}},
)
async def start(context: Context, quiz_id: UUID) -> Response:
    """Begin an attempt, or go on with the one that is running."""
    async with context.database.write("learning") as session:
        attempt_id, created = await start_attempt(session, context.actor, quiz_id)
    body = await attempts.attempt_json(context.database.pool("learning"), context.actor, attempt_id)
    return json_answer(body, status=201 if created else 200)


@router.get("/attempts/{attempt_id}", response_model=AttemptDetail)
async def read_attempt(context: Context, attempt_id: UUID) -> Response:
    """An attempt; once it is graded, with what is right and why."""
    return json_answer(await attempts.attempt_json(context.database.pool("learning"), context.actor, attempt_id))


@router.put("/attempts/{attempt_id}/saved")
async def save(context: Context, attempt_id: UUID, given: AttemptToSave) -> AttemptRevision:
    """Keep what is answered so far. When the time is over, what was kept last is graded.

    `revision` must be the one of the saved answers that these continue; otherwise 409 `attempt-saved-elsewhere` names the
    newer one, and nothing is overwritten.
    """
    questions = {
        question: KeptQuestion(
            option_ids=one.option_ids, entries=one.entries, flagged=one.flagged, seconds_spent=one.seconds_spent
        )
        for question, one in given.questions.items()
    }
    revision = await save_attempt(
        context.database.pool("learning"),
        context.actor,
        attempt_id,
        questions,
        revision=given.revision,
        current=given.current,
        page=given.page,
    )
    return AttemptRevision(revision=revision)


@router.post("/attempts/{attempt_id}/submit", response_model=AttemptDetail)
async def submit(context: Context, attempt_id: UUID, given: SentAnswers) -> Response:
    """Hand in the answers. They are graded only once, and at once but for programs, which wait for their turn."""
    answers = [
        GivenAnswer(
            question_id=answer.question_id,
            option_ids=answer.option_ids,
            entries=answer.entries,
            seconds_spent=answer.seconds_spent,
        )
        for answer in given.answers
    ]
    async with context.database.write("learning") as session:
        await submit_attempt(session, context.actor, attempt_id, answers)
    return json_answer(await attempts.attempt_json(context.database.pool("learning"), context.actor, attempt_id))


@router.post("/attempts/{attempt_id}/answers/{question_id}/marks", response_model=AttemptDetail, status_code=201)
async def mark(context: Context, attempt_id: UUID, question_id: UUID, given: MarkToGive) -> Response:
    """Mark an answer by hand, as who grades in the course. Every mark is kept; the latest counts."""
    async with context.database.write("learning") as session:
        await mark_answer(
            session, context.actor, attempt_id, question_id, points=Decimal(str(given.points)), comment=given.comment
        )
    body = await attempts.attempt_json(context.database.pool("learning"), context.actor, attempt_id)
    return json_answer(body, status=201)
