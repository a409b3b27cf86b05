"""Where a question is written, of a quiz or of a bank: text, options or key, and how it looks to learners."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.grading.languages import languages
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_questions import create_in_bank, create_question
from codezest.services.learning.actions.queue_question import request_check
from codezest.services.learning.actions.teaching.write_question import save_question
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.pages.attempt.sent import SentAttempt
from codezest.services.learning.pages.outline import difficulty_text
from codezest.services.learning.pages.program_runs import shown_run
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.assignment.fields import row_differences
from codezest.services.learning.pages.teach.assignment.words import modes
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, keeping, read, refusal, sent
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.question.asking import asked_of, card, reviewed
from codezest.services.learning.pages.teach.question.fields import (
    blank_values,
    labels,
    question_in,
    rows_of,
    typed_rows,
    values_of,
)
from codezest.services.learning.pages.teach.question.keys import BOXES, ROWS, SINGLE, blank_rows
from codezest.services.learning.pages.teach.question.words import type_text
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of, access_taught_course
from codezest.services.learning.queries.question_runs import solution_check
from codezest.services.learning.queries.teaching_assessments import studio_question
from codezest.services.learning.questions import problems_of
from codezest.services.learning.questions.asked import Answer
from codezest.services.learning.questions.programs import MODES
from codezest.services.learning.schemas.authoring import NewQuestion, QuestionChange
from codezest.services.learning.schemas.teaching_assessments import StudioQuestion
from codezest_db.enums import Difficulty, QuestionType

router = page_router()
STRANGE = frozenset({401, 403, 404})


@router.get("/teach/questions/{question_id}")
async def question(question_id: UUID, context: Context) -> HTMLResponse:
    """One statement. Who may not write sees the same, and cannot change it."""
    return await _stored_page(context, question_id)


@router.post("/teach/questions/{question_id}/save")
async def save(question_id: UUID, request: Request, context: Context) -> Response:
    """Do what the button says: change rows of the form and show it again, or store all of it."""
    form = await sent(request)
    if form.text("do"):
        return await _stored_page(context, question_id, form=form)
    try:
        _course, stored = await studio_question(context.database.pool("learning"), context.actor, question_id)
        change, options = question_in(QuestionChange, stored.type, form)
        async with context.database.write("learning") as session:
            await save_question(session, context.actor, question_id, change, options)
    except (FormRefused, AppError) as error:
        if isinstance(error, AppError) and error.status in STRANGE:
            raise
        return await _stored_page(context, question_id, form=form, error=error)
    return context.redirect(f"/teach/questions/{question_id}", flash=_("Saved."))


@router.post("/teach/questions/{question_id}/answer")
async def answer(question_id: UUID, request: Request, context: Context) -> Response:
    """Grade an answer of the author's own, as a learner's would be. Nothing is stored."""
    given = SentAttempt.of(await request.form()).given.get(question_id, Answer())
    return await _stored_page(context, question_id, answered=given)


@router.post("/teach/questions/{question_id}/check")
async def check(question_id: UUID, context: Context) -> Response:
    """Run the solution of a question that is answered by a program on all of its tests."""
    try:
        async with context.database.write("learning") as session:
            await request_check(session, context.actor, question_id)
    except AppError as error:
        if error.status in STRANGE:
            raise
        return await _stored_page(context, question_id, error=error)
    return context.redirect(f"/teach/questions/{question_id}#check")


@router.get("/teach/quizzes/{quiz_id}/questions/new")
async def new_in_quiz(
    quiz_id: UUID,
    context: Context,
    type: QuestionType = QuestionType.SINGLE_CHOICE,  # noqa: A002 - the name of the parameter
) -> HTMLResponse:
    """An empty form."""
    course = await access_course_of(
        context.database.pool("learning"), context.actor, "quiz", quiz_id, Permission.AUTHOR
    )
    return _new_page(context, course, type, f"/teach/quizzes/{quiz_id}")


@router.post("/teach/quizzes/{quiz_id}/questions/create")
async def create_for_quiz(quiz_id: UUID, request: Request, context: Context) -> Response:
    """Add it behind the others."""
    course = await access_course_of(
        context.database.pool("learning"), context.actor, "quiz", quiz_id, Permission.AUTHOR
    )
    return await _create(context, request, course, quiz_id=quiz_id)


@router.get("/teach/courses/{course_id}/bank/new")
async def new_in_bank(
    course_id: UUID,
    context: Context,
    type: QuestionType = QuestionType.SINGLE_CHOICE,  # noqa: A002 - the name of the parameter
) -> HTMLResponse:
    """An empty form."""
    course = await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)
    return _new_page(context, course, type, f"/teach/courses/{course_id}/bank")


@router.post("/teach/courses/{course_id}/bank/create")
async def create_for_bank(course_id: UUID, request: Request, context: Context) -> Response:
    """Add it to the bank; it has to be complete."""
    course = await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)
    return await _create(context, request, course)


async def _create(
    context: RequestContext, request: Request, course: TaughtCourse, *, quiz_id: UUID | None = None
) -> Response:
    form = await sent(request)
    known = form.text("type") in set(QuestionType)
    kind = QuestionType(form.text("type")) if known else QuestionType.SINGLE_CHOICE
    home = f"/teach/quizzes/{quiz_id}" if quiz_id else f"/teach/courses/{course.id}/bank"
    if form.text("do"):
        return _new_page(context, course, kind, home, form=form)
    try:
        question, options = question_in(NewQuestion, kind, form)
        written = [{"text": one.text, "is_correct": one.is_correct} for one in options]
        new = read(NewQuestion, question.columns() | {"type": kind, "options": written})
        async with context.database.write("learning") as session:
            if quiz_id is None:
                question_id = await create_in_bank(session, context.actor, course.id, new)
            else:
                question_id = await create_question(session, context.actor, quiz_id, new)
    except (FormRefused, AppError) as error:
        if isinstance(error, AppError) and error.status in STRANGE:
            raise
        return _new_page(context, course, kind, home, form=form, error=error)
    return context.redirect(f"/teach/questions/{question_id}", flash=_("The question is added."))


def _new_page(
    context: RequestContext,
    course: TaughtCourse,
    kind: QuestionType,
    home: str,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    values, rows = blank_values(kind), blank_rows(kind)
    shown: dict[str, Any] = {**(refusal(error) if error else NO_ERRORS), "differing": [], "revision": ""}
    focus = ""
    if form is not None:
        values, rows, focus = _typed(kind, form, values)
    action = f"{home}/questions/create" if home.startswith("/teach/quizzes/") else f"{home}/create"
    return context.page(
        "learning/pages/teach/question/template.html",
        **frame(course, "content" if home.startswith("/teach/quizzes/") else "bank"),
        **shown,
        **_words(kind),
        **keeping(context, "new", f"{home}:{kind}", typed=form is not None),
        stored=None,
        home=(_("The quiz") if home.startswith("/teach/quizzes/") else _("Question bank"), home),
        action=action,
        values=values,
        rows=rows,
        focus=focus,
    )


async def _stored_page(
    context: RequestContext,
    question_id: UUID,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
    answered: Answer | None = None,
) -> HTMLResponse:
    course, stored = await studio_question(context.database.pool("learning"), context.actor, question_id)
    kept = values = values_of(stored)
    kept_rows = rows = rows_of(stored)
    focus, revision = "", stored.revision
    shown: dict[str, Any] = {**(refusal(error) if error else NO_ERRORS), "differing": []}
    if form is not None:
        values, rows, focus = _typed(stored.type, form, kept)
        if isinstance(error, ContentChangedElsewhere):
            names = labels()
            shown["differing"] = [
                *((names[name], kept[name]) for name in kept if kept[name].strip() != values[name].strip()),
                *row_differences(_("Row"), kept_rows, rows),
            ]
        else:
            revision = form.text("revision")
    return context.page(
        "learning/pages/teach/question/template.html",
        **frame(course, "bank" if stored.quiz_id is None else "content"),
        **shown,
        **_words(stored.type),
        **_preview(stored, answered),
        **await _checked(context, stored),
        **keeping(context, "question", question_id, typed=form is not None),
        stored=stored,
        revision=revision,
        home=(stored.quiz_title or "", f"/teach/quizzes/{stored.quiz_id}")
        if stored.quiz_id
        else (_("Question bank"), f"/teach/courses/{course.id}/bank"),
        action=f"/teach/questions/{question_id}/save",
        values=values,
        rows=rows,
        focus=focus,
    )


def _typed(kind: QuestionType, form: Sent, kept: dict[str, str]) -> tuple[dict[str, str], list[dict[str, str]], str]:
    """What was typed, with what the pressed button does to the rows, and the row to go on with."""
    values = kept | {name: text for name, text in form.shown(kept).items() if name in form.texts}
    values |= {name: form.text(name) for name in BOXES if name in SINGLE.get(kind, ())}
    rows, place = typed_rows(kind, form), None
    if kind in ROWS:
        rows, place = ROWS[kind].edited(rows, form.text("do"))
    return values, rows, "" if place is None else f"{ROWS[kind].letter}-{place}"


def _words(kind: QuestionType) -> dict[str, Any]:
    return {
        "type": kind.value,
        "type_name": type_text(kind),
        "labels": labels(),
        "letter": ROWS[kind].letter if kind in ROWS else "",
        "most": ROWS[kind].most if kind in ROWS else 0,
        "languages": [(one.key, one.name) for one in languages()],
        "modes": [mode for mode in modes() if mode[0] in MODES],
        "difficulties": [(one.value, difficulty_text(one)) for one in Difficulty],
    }


async def _checked(context: RequestContext, stored: StudioQuestion) -> dict[str, Any]:
    """What the solution made of the tests, where it is a program."""
    if stored.type is not QuestionType.CODE:
        return {}
    found = await solution_check(context.database.pool("learning"), context.actor, stored.id)
    return {
        "check": None if found is None else shown_run(found),
        "check_current": found is not None and found.current,
    }


def _preview(stored: StudioQuestion, answered: Answer | None) -> dict[str, Any]:
    """How learners see it, and what an answer earned."""
    problems = problems_of(asked_of(stored))
    if problems:
        return {"problems": problems, "card": None, "graded": None}
    return {
        "problems": [],
        "card": card(stored, answered or Answer()),
        "graded": None if answered is None else reviewed(stored, answered),
    }
