"""How an attempt went: the score, each topic, and every question explained."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from codezest.kit.actor import Actor
from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.pages.analysis.panel import attempt_feedback_of
from codezest.services.learning.pages.outline import Crumb, crumbs_to_item, link_onward
from codezest.services.learning.pages.program_runs import shown_run
from codezest.services.learning.pages.prose import prose_or_none, short_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.policies import Reader
from codezest.services.learning.queries import attempts, items
from codezest.services.learning.questions.asked import FieldKind
from codezest.services.learning.questions.keys import BLANK
from codezest.services.learning.schemas.items import QuizPlace
from codezest.services.learning.schemas.work import AttemptDetail, AttemptQuestion
from codezest_db.enums import AttemptStatus

router = page_router()

MIN_TOPICS = 2
"""A quiz about one thing needs no breakdown."""


@router.get("/attempts/{attempt_id}/result")
async def result(attempt_id: UUID, context: Context) -> Response:
    """The review; before the answers are in, the way back to the questions."""
    async with context.database.reading("learning") as reader:
        found, standing = await attempts.attempt_with_standing(reader, context.actor, attempt_id)
        if found.status is AttemptStatus.IN_PROGRESS:
            return context.redirect(f"/attempts/{attempt_id}")
        quiz = await _quiz_of(reader, context.actor, found)
    crumbs: list[Crumb] = [(found.title, f"/quizzes/{found.quiz_id}"), (_heading(found), None)]
    if quiz is not None:
        crumbs = [*crumbs_to_item(quiz, found.title)[:-1], *crumbs]
    reviewed = [_reviewed(question) for question in found.questions]
    topics = topics_of(reviewed)
    return context.page(
        "learning/pages/result/template.html",
        attempt_feedback_of(standing),
        attempt=found,
        heading=_heading(found),
        crumbs=crumbs,
        questions=reviewed,
        right=sum(1 for question in reviewed if question["is_correct"]),
        waiting=sum(1 for question in reviewed if question["is_correct"] is None),
        grading=sum(1 for question in reviewed if _is_graded_now(question)),
        points=found.points or 0,
        max_points=found.max_points or sum(question["points"] for question in reviewed),
        score=found.score or 0,
        time_taken=duration_text(found.time_taken_seconds or 0),
        states={number: _state(question) for number, question in enumerate(reviewed, start=1)},
        topics=topics if len(topics) >= MIN_TOPICS else [],
        out_of_time=found.status is AttemptStatus.EXPIRED,
        quiz=quiz,
        next_link=link_onward(quiz) if quiz else None,
        may_repeat=quiz is not None and (quiz.attempt_limit is None or bool(quiz.attempts_left)),
        attempts_left=quiz.attempts_left if quiz else None,
    )


@router.get("/attempts/{attempt_id}/grading")
async def grading(attempt_id: UUID, context: Context) -> Response:
    """Asked by the result while programs are being graded; others are led there."""
    if not context.partial:
        return context.redirect(f"/attempts/{attempt_id}/result")
    found = await attempts.attempt(context.database.pool("learning"), context.actor, attempt_id)
    left = sum(1 for question in found.questions if _is_graded_now(_reviewed(question)))
    return context.page("learning/pages/result/grading.html", attempt=found, grading=left)


def _is_graded_now(question: Mapping[str, Any]) -> bool:
    return question["is_correct"] is None and question["run"] is not None and question["run"]["waiting"]


async def _quiz_of(reader: Reader, actor: Actor, found: AttemptDetail) -> QuizPlace | None:
    """The quiz, unless it is closed to the reader meanwhile: the result stays readable."""
    try:
        return await items.quiz_place(reader, actor, found.quiz_id)
    except AppError:
        return None


def _heading(found: AttemptDetail) -> str:
    return _("Result of attempt %(number)s") % {"number": found.attempt_number}


def _state(question: Mapping[str, Any]) -> tuple[str, str]:
    if _is_graded_now(question):
        return "warn", _("is being graded")
    if question["is_correct"] is None:
        return "warn", _("waits to be marked")
    if not question["is_correct"] and question["points_earned"] > 0:
        return "warn", _("partly correct")
    return ("good", _("correct")) if question["is_correct"] else ("bad", _("not correct"))


def duration_text(seconds: int) -> str:
    """A span of time, such as `45 s`, `2 min 5 s` or `1 h 10 min`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if not minutes:
        return _("%(seconds)s s") % {"seconds": rest}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


def topics_of(reviewed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the `topics` component, in the order of the questions; those without a topic come last, as one."""
    names = list(dict.fromkeys(question["topic"] for question in reviewed if question["topic"]))
    if names and any(not question["topic"] for question in reviewed):
        names.append(None)
    rows: list[dict[str, Any]] = []
    for name in names:
        about = [question for question in reviewed if (question["topic"] or None) == name]
        right = sum(1 for question in about if question["is_correct"])
        rows.append(
            {
                "topic": name or _("Other questions"),
                "right": right,
                "total": len(about),
                "percent": rules.percent(right, len(about)),
            }
        )
    return rows


def _entries(question: AttemptQuestion) -> list[dict[str, Any]]:
    """What was filled in, beside what is right. What authors wrote is Markdown; what learners typed stays as it is."""
    fields = {field.name: (number, field) for number, field in enumerate(question.fields, 1)}
    rows: list[dict[str, Any]] = []
    for entry in question.review.entries if question.review else []:
        number, field = fields[entry.name]
        is_selected = field.kind is FieldKind.SELECT
        label = short_prose(field.label) if field.label else None
        rows.append(
            {
                "label": _("Blank %(number)s") % {"number": number} if field.kind is FieldKind.TEXT else label,
                "given": short_prose(entry.given) if is_selected and entry.given else entry.given,
                "right": short_prose(entry.right) if is_selected and entry.right else entry.right,
                "is_right": entry.is_right,
            }
        )
    return rows


def _reviewed(question: AttemptQuestion) -> dict[str, Any]:
    """The mapping that the `question_review` component takes. A question that was left out has no answer to show."""
    review = question.review
    right = set(review.correct_option_ids) if review else set[UUID]()
    return {
        "id": question.id,
        "type": question.type,
        "prompt": short_prose(BLANK.sub("\u2026", question.text)),
        "media": question.media,
        "topic": question.topic,
        "points": question.points,
        "points_earned": review.points if review else 0,
        "is_correct": False if review is None else review.is_correct,
        "entries": _entries(question),
        "run": shown_run(review.run) if review and review.run else None,
        "comment": review.comment if review else None,
        "explanation": prose_or_none(review.explanation) if review else None,
        "time": duration_text(review.seconds_spent) if review and review.seconds_spent else None,
        "chosen": review.chosen_option_ids if review else [],
        "options": [
            {"id": option.id, "text": short_prose(option.text), "is_correct": option.id in right}
            for option in question.options
        ],
    }
