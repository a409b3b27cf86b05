"""A course's question bank: found by filters that stand in the address, copied into quizzes, filled from them."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.kit.pagination import Cursor
from codezest.services.learning.actions.authoring.write_questions import remove_question
from codezest.services.learning.actions.teaching.write_question import (
    copy_question,
    import_questions,
    move_question,
)
from codezest.services.learning.pages.outline import difficulty_text
from codezest.services.learning.pages.prose import plain_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.question.words import type_text, types
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.bank import BankFilter, bank, quizzes_of_course, topics, used_in
from codezest_db.enums import Difficulty, QuestionType

router = page_router()
SHOWN = 25
Words = Annotated[str, Query(max_length=200)]


@router.get("/teach/courses/{course_id}/bank")
async def read_bank(
    course_id: UUID,
    context: Context,
    *,
    q: Words = "",
    topic: Words = "",
    difficulty: str = "",
    type: str = "",  # noqa: A002 - the name of the parameter
    used: str = "",
    cursor: Cursor = None,
) -> HTMLResponse:
    """One page of it, the newest first."""
    shown = {"q": q, "topic": topic, "difficulty": difficulty, "type": type, "used": used}
    return await _page(context, course_id, shown, cursor=cursor)


@router.post("/teach/courses/{course_id}/bank/change")
async def change(course_id: UUID, request: Request, context: Context) -> Response:
    """Copy or move the chosen questions into a quiz, or delete them: what the pressed button says."""
    form = await sent(request)
    try:
        chosen = _chosen(form)
        async with context.database.write("learning") as session:
            if form.text("do") == "remove":
                for question_id in chosen:
                    await remove_question(session, context.actor, question_id)
                said = ngettext("%(num)s question is deleted.", "%(num)s questions are deleted.", len(chosen))
            elif form.text("do") == "move":
                quiz_id = _id(form.text("quiz_id"))
                for question_id in chosen:
                    await move_question(session, context.actor, question_id, quiz_id=quiz_id)
                said = ngettext("%(num)s question is moved.", "%(num)s questions are moved.", len(chosen))
            else:
                quiz_id = _id(form.text("quiz_id"))
                for question_id in chosen:
                    await copy_question(session, context.actor, question_id, quiz_id=quiz_id)
                said = ngettext("%(num)s question is copied.", "%(num)s questions are copied.", len(chosen))
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, {}, error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/bank", flash=said % {"num": len(chosen)})


@router.post("/teach/courses/{course_id}/bank/import")
async def take_over(course_id: UUID, request: Request, context: Context) -> Response:
    """Copy what a quiz asks into the bank."""
    form = await sent(request)
    try:
        async with context.database.write("learning") as session:
            copied = await import_questions(session, context.actor, _id(form.text("quiz_id")), course_id)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, {}, error=shown_here(error))
    said = ngettext("%(num)s question is taken over.", "%(num)s questions are taken over.", copied) % {"num": copied}
    return context.redirect(f"/teach/courses/{course_id}/bank", flash=said)


def _chosen(form: Sent) -> list[UUID]:
    """Raises: FormRefused: nothing is chosen."""
    found = [_id(target) for target in form.many("question")]
    if not found:
        raise FormRefused([(None, _("Choose a question first."))])
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FormRefused([(None, _("Choose a quiz and questions."))]) from None


def _known(kind: Any, value: str) -> Any:
    return kind(value) if value in set(kind) else None


async def _page(
    context: RequestContext,
    course_id: UUID,
    shown: dict[str, str],
    *,
    cursor: str | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    reader = context.database.pool("learning")
    course = await access_taught_course(reader, context.actor, course_id, Permission.AUTHOR)
    filters = {name: shown.get(name, "") for name in ("q", "topic", "difficulty", "type", "used")}
    wanted = BankFilter(
        topic=filters["topic"] or None,
        difficulty=_known(Difficulty, filters["difficulty"]),
        type=_known(QuestionType, filters["type"]),
        words=filters["q"].strip() or None,
        asked={"yes": True, "no": False}.get(filters["used"]),
    )
    found = await bank(reader, context.actor, course_id, wanted, cursor=cursor, limit=SHOWN)
    uses = await used_in(reader, [one.id for one in found.items])
    known = await topics(reader, context.actor, course_id)
    kept = {name: text for name, text in filters.items() if text}
    here = f"/teach/courses/{course_id}/bank"
    return context.page(
        "learning/pages/teach/bank/template.html",
        **frame(course, "bank"),
        **(refusal(error) if error else NO_ERRORS),
        here=here,
        filters=filters,
        filtered=bool(kept),
        questions=[
            {
                "id": one.id,
                "text": plain_text(one.text),
                "type": type_text(one.type),
                "topic": one.topic,
                "difficulty": difficulty_text(one.difficulty),
                "points": one.points,
                "asked": one.id in uses,
            }
            for one in found.items
        ],
        total=sum(one.questions for one in known.items),
        topic_choices=[(one, one) for one in sorted({item.topic for item in known.items if item.topic})],
        quizzes=[(str(quiz_id), title) for quiz_id, title in await quizzes_of_course(reader, course_id)],
        types=types(),
        difficulties=[(one.value, difficulty_text(one)) for one in Difficulty],
        next_href=f"{here}?{urlencode(kept | {'cursor': found.next_cursor})}" if found.next_cursor else None,
    )
