"""How an attempt went: the score, and every question explained."""

from typing import Any
from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.outline import Crumb, crumbs_to_item, link_onward
from codezest.services.learning.pages.prose import prose_or_none, short_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import items, work
from codezest.services.learning.schemas.items import QuizDetail
from codezest.services.learning.schemas.work import AttemptDetail, AttemptQuestion
from codezest_db.enums import AttemptStatus

router = page_router()


@router.get("/attempts/{attempt_id}/result")
async def result(attempt_id: UUID, context: Context) -> Response:
    """The review; before the answers are in, the way back to the questions."""
    found = await work.attempt(context.database.pool("learning"), context.actor, attempt_id)
    if found.status is not AttemptStatus.GRADED:
        return context.redirect(f"/attempts/{attempt_id}")
    quiz = await _quiz_of(context, found)
    crumbs: list[Crumb] = [(found.title, f"/quizzes/{found.quiz_id}"), (_heading(found), None)]
    if quiz is not None:
        crumbs = [*crumbs_to_item(quiz, quiz.title)[:-1], *crumbs]
    reviewed = [_reviewed(question) for question in found.questions]
    right = sum(1 for question in reviewed if question["is_correct"])
    minutes, seconds = divmod(found.time_taken_seconds or 0, 60)
    return context.page(
        "learning/pages/result/template.html",
        attempt=found,
        heading=_heading(found),
        crumbs=crumbs,
        questions=reviewed,
        right=right,
        time_taken=f"{minutes}:{seconds:02d}",
        states={number: _state(question) for number, question in enumerate(reviewed, start=1)},
        quiz=quiz,
        next_link=link_onward(quiz) if quiz else None,
        may_repeat=quiz is not None and (quiz.attempt_limit is None or bool(quiz.attempts_left)),
    )


async def _quiz_of(context: RequestContext, found: AttemptDetail) -> QuizDetail | None:
    """The quiz, unless it is closed to the reader meanwhile: the result stays readable."""
    try:
        return await items.quiz(context.database.pool("learning"), context.actor, found.quiz_id)
    except AppError:
        return None


def _heading(found: AttemptDetail) -> str:
    return _("Result of attempt %(number)s") % {"number": found.attempt_number}


def _state(question: dict[str, Any]) -> tuple[str, str]:
    return ("good", _("correct")) if question["is_correct"] else ("bad", _("not correct"))


def _reviewed(question: AttemptQuestion) -> dict[str, Any]:
    """The mapping that the `question_review` component takes. A question that was left out has no answer to show."""
    review = question.review
    right = set(review.correct_option_ids) if review else set[UUID]()
    return {
        "id": question.id,
        "type": question.type,
        "prompt": short_prose(question.text),
        "points": question.points,
        "points_earned": review.points if review else 0,
        "is_correct": review is not None and review.is_correct,
        "explanation": prose_or_none(review.explanation) if review else None,
        "chosen": review.chosen_option_ids if review else [],
        "options": [
            {"id": option.id, "text": short_prose(option.text), "is_correct": option.id in right}
            for option in question.options
        ],
    }
