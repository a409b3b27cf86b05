"""Where a quiz is written: its settings, what it draws from the bank, and its questions in order."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.order_parts import place_question, step_question
from codezest.services.learning.actions.authoring.write_item import change_quiz
from codezest.services.learning.actions.authoring.write_questions import remove_question
from codezest.services.learning.actions.teaching.write_question import copy_question
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.outline import difficulty_text
from codezest.services.learning.pages.prose import plain_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.assignment.fields import required, row_differences
from codezest.services.learning.pages.teach.conflict import differing, going_on_from
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    keeping,
    read,
    refusal,
    sent,
    shown_here,
    status_in,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.question.words import type_text, types
from codezest.services.learning.pages.teach.rows import RowKind, Rows
from codezest.services.learning.pages.teach.timed import late_policies, timed_given, timed_values
from codezest.services.learning.queries.teaching_assessments import studio_quiz
from codezest.services.learning.schemas.authoring import QuizChange
from codezest.services.learning.schemas.teaching_assessments import StudioQuiz
from codezest_db.enums import Difficulty, PublicationStatus, Scoring

router = page_router()

DRAWS = RowKind("d", ("count", "topic", "difficulty"), 20, {"count": "1"})
NUMBERS = ("time_limit_minutes", "attempt_limit", "draw_count")
NEEDED = ("passing_score", "wrong_penalty_percent")
BOXES = ("shuffle", "shuffle_options")


@router.get("/teach/quizzes/{quiz_id}")
async def quiz(quiz_id: UUID, context: Context) -> HTMLResponse:
    """One statement. Who may not write sees the same, and cannot change it."""
    return await _page(context, quiz_id)


@router.post("/teach/quizzes/{quiz_id}/save")
async def save(quiz_id: UUID, request: Request, context: Context) -> Response:
    """Do what the button says: change rows of the form and show it again, or store all of it."""
    form = await sent(request)
    if form.text("do"):
        return await _page(context, quiz_id, form=form)
    try:
        _course, stored = await studio_quiz(context.database.pool("learning"), context.actor, quiz_id)
        change = read(QuizChange, _given(form, stored))
        async with context.database.write("learning") as session:
            await change_quiz(session, context.actor, quiz_id, change)
    except (FormRefused, AppError) as error:
        return await _page(context, quiz_id, form=form, error=shown_here(error))
    return context.redirect(f"/teach/quizzes/{quiz_id}", flash=_("Saved."))


@router.post("/teach/quizzes/{quiz_id}/questions/change")
async def change_questions(quiz_id: UUID, request: Request, context: Context) -> Response:
    """Move, duplicate or remove the question that the pressed button names: `up:id`, `down:id`, `copy:id`, `remove:id`.

    One that was dragged goes `before:id:other`, or to the end where no other is named. Scripts get the list alone.
    """
    form = await sent(request)
    verb, _colon, target = form.text("question").partition(":")
    target, _colon, other = target.partition(":")
    seen = form.text("order")
    try:
        question_id = _id(target)
        async with context.database.write("learning") as session:
            match verb:
                case "up" | "down":
                    step = -1 if verb == "up" else 1
                    await step_question(session, context.actor, question_id, step=step, seen=seen)
                case "before":
                    before = _id(other) if other else None
                    await place_question(session, context.actor, question_id, before=before, seen=seen)
                case "copy":
                    await copy_question(session, context.actor, question_id, quiz_id=quiz_id)
                case "remove":
                    await remove_question(session, context.actor, question_id)
                case _:
                    pass
    except (FormRefused, AppError) as error:
        return await _page(context, quiz_id, order_error=shown_here(error))
    if context.partial:
        return await _page(context, quiz_id, said=_done(verb))
    return context.redirect(f"/teach/quizzes/{quiz_id}#questions")


def _done(verb: str) -> str:
    """For screen readers, what has just been done."""
    return {
        "up": _("Moved up."),
        "down": _("Moved down."),
        "before": _("Moved."),
        "copy": _("Duplicated."),
        "remove": _("Removed."),
    }.get(verb, "")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FormRefused([(None, _("That cannot be read."))]) from None


def _given(form: Sent, stored: StudioQuiz) -> dict[str, Any]:
    """What the form says, as the API's type takes it.

    Raises:
        FormRefused: names the field.
    """
    given: dict[str, Any] = {
        "title": form.text("title").strip(),
        "slug": form.text("slug").strip(),
        "description": text_or_none(form.text("description")),
        "scoring": form.text("scoring"),
        "revision": form.text("revision"),
        **{name: whole_number(name, form.text(name)) for name in NUMBERS},
        **{name: whole_number(name, required(name, form.text(name))) for name in NEEDED},
        **{name: name in form.texts for name in BOXES},
        **timed_given(form, stored),
        "draws": [
            {
                "count": whole_number("draws", row["count"]) or 0,
                "topic": text_or_none(row["topic"]),
                "difficulty": text_or_none(row["difficulty"]),
            }
            for row in DRAWS.typed(form)
        ],
    }
    given |= status_in(form)
    return given


def _values(stored: StudioQuiz) -> dict[str, str]:
    return {
        **{name: plain_newlines(getattr(stored, name) or "") for name in ("title", "slug", "description")},
        "scoring": stored.scoring.value,
        **{name: "" if getattr(stored, name) is None else str(getattr(stored, name)) for name in (*NUMBERS, *NEEDED)},
        **{name: "on" if getattr(stored, name) else "" for name in BOXES},
        **timed_values(stored),
    }


def _draws(stored: StudioQuiz) -> Rows:
    return [
        {
            "count": str(draw["count"]),
            "topic": draw.get("topic") or "",
            "difficulty": draw.get("difficulty") or "",
        }
        for draw in stored.draws
    ]


def _labels() -> dict[str, str]:
    return {
        "title": _("Title"),
        "slug": _("Address"),
        "description": _("Description"),
        "scoring": _("Partly right answers"),
        "time_limit_minutes": _("Minutes for an attempt"),
        "attempt_limit": _("Attempts"),
        "draw_count": _("How many of its own questions an attempt asks"),
        "passing_score": _("Percent to pass"),
        "wrong_penalty_percent": _("Percent of the points that a wrong answer costs"),
        "shuffle": _("Questions in another order each time"),
        "shuffle_options": _("Options in another order each time"),
    }


async def _page(
    context: RequestContext,
    quiz_id: UUID,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
    order_error: FormRefused | AppError | None = None,
    said: str = "",
) -> HTMLResponse:
    """The page.

    Args:
        context: of the request.
        quiz_id: of the quiz.
        form: what was sent of the settings.
        error: why they were not stored.
        order_error: why the list of questions was not changed.
        said: for screen readers, what has just been done to it.
    """
    course, stored = await studio_quiz(context.database.pool("learning"), context.actor, quiz_id)
    kept = values = _values(stored)
    rows, place = _draws(stored), None
    labels = _labels()
    shown: dict[str, Any] = {**(refusal(error) if error else NO_ERRORS), "differing": []}
    if isinstance(order_error, ContentChangedElsewhere):
        shown["status"] = order_error.status
    elif order_error is not None:
        shown |= refusal(order_error)
    if form is not None:
        values = form.over(kept) | {name: form.text(name) for name in BOXES}
        rows, place = DRAWS.edited(DRAWS.typed(form), form.text("do"))
        if isinstance(error, ContentChangedElsewhere):
            shown["differing"] = [
                *differing(kept, values, error, label=lambda name: labels.get(name, name)),
                *row_differences(_("Draw"), _draws(stored), rows),
            ]
    return context.page(
        "learning/pages/teach/quiz/template.html",
        **frame(course, "content"),
        **shown,
        **keeping(context, "quiz", quiz_id, typed=form is not None),
        quiz=stored,
        values=values,
        rows=rows,
        revision=going_on_from(stored.revision, form, error),
        focus=place,
        labels=labels,
        order_changed=isinstance(order_error, ContentChangedElsewhere),
        said=said,
        draft=stored.status is PublicationStatus.DRAFT,
        questions=[
            {
                "id": one.id,
                "text": plain_text(one.text),
                "type": type_text(one.type),
                "points": one.points,
                "topic": one.topic,
            }
            for one in stored.questions
        ],
        types=types(),
        difficulties=[(one.value, difficulty_text(one)) for one in Difficulty],
        late_policies=late_policies(),
        scorings=[
            (Scoring.ALL_OR_NOTHING.value, _("Earn nothing")),
            (Scoring.PARTIAL.value, _("Earn their share")),
        ],
    )
