"""An attempt at a quiz while it lasts: its questions in one form, all together or one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.expire_attempts import expire_attempts
from codezest.services.learning.actions.save_attempt import KeptQuestion, save_attempt
from codezest.services.learning.actions.submit_attempt import submit_attempt
from codezest.services.learning.errors import AttemptAlreadySubmitted, AttemptExpired, AttemptSavedElsewhere
from codezest.services.learning.pages.attempt.blanks import prompt_of
from codezest.services.learning.pages.attempt.running import tried_of, tried_url
from codezest.services.learning.pages.attempt.sent import SentAttempt
from codezest.services.learning.pages.prose import short_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import attempts
from codezest.services.learning.questions.asked import Answer
from codezest.services.learning.questions.programs import same_program
from codezest.services.learning.schemas.work import AttemptDetail, AttemptQuestion
from codezest_db.enums import AttemptStatus, QuestionType

router = page_router()

OVER = frozenset({AttemptStatus.SUBMITTED, AttemptStatus.GRADED, AttemptStatus.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Why a form comes back, and what it said."""

    status: int
    body: Mapping[str, Any]
    sent: SentAttempt | None


@router.get("/attempts/{attempt_id}")
async def attempt(attempt_id: UUID, context: Context, question: int | None = None) -> Response:
    """The questions, or the one of this number; once they are answered, the way to the result."""
    found = await _read(context, attempt_id)
    if found.status in OVER:
        return context.redirect(f"/attempts/{attempt_id}/result")
    if _is_over(found):
        return await _close(context, attempt_id)
    return await _form(context, found, number=question)


@router.post("/attempts/{attempt_id}/save")
async def save(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Keep the answers without scripts. The button says which question is wanted next: its number, or `all`."""
    context.actor.require_user()
    form = await request.form()
    wanted = str(form.get("to", ""))
    target = f"/attempts/{attempt_id}?question={wanted}" if wanted.isdecimal() else f"/attempts/{attempt_id}"
    found = await _read(context, attempt_id)
    if found.saved is None:
        return context.redirect(f"/attempts/{attempt_id}")
    sent = None
    try:
        sent = SentAttempt.of(form)
        await save_attempt(
            context.database.pool("learning"),
            context.actor,
            attempt_id,
            sent.merged(found.saved),
            revision=found.saved.revision if sent.revision is None else sent.revision,
        )
    except (AttemptAlreadySubmitted, AttemptExpired):
        return context.redirect(f"/attempts/{attempt_id}")
    except (AttemptSavedElsewhere, ValidationFailed) as error:
        return await _form(context, found, problem=_Problem(status=error.status, body=_in_words(error), sent=sent))
    flash = "" if wanted else _("Your answers are saved.")
    return context.redirect(target, flash=flash)


@router.post("/attempts/{attempt_id}/submit")
async def submit(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Hand the answers in. Those that do not fit come back as they were chosen."""
    context.actor.require_user()
    sent = None
    try:
        sent = SentAttempt.of(await request.form())
        await _hand_in(context, attempt_id, sent)
    except AttemptAlreadySubmitted:
        return context.redirect(
            f"/attempts/{attempt_id}/result",
            flash=_("These answers were handed in before; the first ones count."),
            kind="info",
        )
    except AttemptExpired:
        return await _close(context, attempt_id)
    except (AttemptSavedElsewhere, ValidationFailed) as error:
        found = await _read(context, attempt_id)
        return await _form(context, found, problem=_Problem(status=error.status, body=_in_words(error), sent=sent))
    return context.redirect(f"/attempts/{attempt_id}/result")


async def _read(context: RequestContext, attempt_id: UUID) -> AttemptDetail:
    return await attempts.attempt(context.database.pool("learning"), context.actor, attempt_id)


async def _hand_in(context: RequestContext, attempt_id: UUID, sent: SentAttempt) -> None:
    """Grade what was sent. A page that was left behind when the time ran out hands in what another has saved."""
    saved = (await _read(context, attempt_id)).saved if sent.only else None
    async with context.database.write("learning") as session:
        try:
            await submit_attempt(
                session, context.actor, attempt_id, sent.answers(saved), revision=sent.revision, page=sent.page
            )
        except AttemptSavedElsewhere:
            if not sent.over:
                raise
            await submit_attempt(session, context.actor, attempt_id, None)


def _is_over(found: AttemptDetail) -> bool:
    return found.status is not AttemptStatus.IN_PROGRESS or rules.is_past(
        found.deadline_at, now(), grace=rules.SUBMIT_GRACE
    )


async def _close(context: RequestContext, attempt_id: UUID) -> Response:
    async with context.database.write("learning") as session:
        await expire_attempts(session, attempt_id=attempt_id)
    return context.redirect(f"/attempts/{attempt_id}/result")


def _in_words(error: AttemptSavedElsewhere | ValidationFailed) -> Mapping[str, Any]:
    if isinstance(error, ValidationFailed):
        return error.problem()
    return {
        "title": _("This attempt was continued in another tab or on another device"),
        "detail": _(
            "Below is what you have just sent. Check it, then send it again; it replaces what was saved there."
        ),
    }


async def _form(
    context: RequestContext, found: AttemptDetail, *, number: int | None = None, problem: _Problem | None = None
) -> HTMLResponse:
    kept: Mapping[UUID, Any] = found.saved.questions if found.saved else {}
    if problem and problem.sent and found.saved:
        kept = problem.sent.merged(found.saved)
        number = next((n for n, one in enumerate(found.questions, 1) if one.id == problem.sent.only), number)
    shown = number if number is not None and 1 <= number <= len(found.questions) else None
    tried = await tried_of(context, found.id) if any(one.type is QuestionType.CODE for one in found.questions) else {}
    questions = [
        _question(question, kept.get(question.id)) | _running(found.id, question, tried) for question in found.questions
    ]
    return context.page(
        "learning/pages/attempt/template.html",
        status=problem.status if problem else 200,
        attempt=found,
        total=len(questions),
        questions=[(n, one) for n, one in enumerate(questions, 1) if shown in {None, n}],
        states={n: (one["answered"], one["flagged"]) for n, one in enumerate(questions, 1)},
        shown=shown,
        answered=sum(1 for one in questions if one["answered"]),
        draft=f"{context.actor.user_id}:{found.id}",
        now=now(),
        problem=problem.body if problem else None,
    )


def _running(attempt_id: UUID, question: AttemptQuestion, tried: Mapping[UUID, Any]) -> dict[str, Any]:
    """What the card of a program says besides; nothing for other types."""
    if question.type is not QuestionType.CODE:
        return {}
    return {
        "run_url": f"/attempts/{attempt_id}/run",
        "tried_url": tried_url(attempt_id, question.id),
        "tried": tried.get(question.id),
    }


def _is_answered(question: AttemptQuestion, kept: KeptQuestion) -> bool:
    starters = {field.name: field.program.starter for field in question.fields if field.program}
    if any(same_program(kept.entries.get(name, ""), starter) for name, starter in starters.items()):
        return False
    return not Answer(option_ids=kept.option_ids, entries=kept.entries).is_empty


def _question(question: AttemptQuestion, kept: KeptQuestion | Any | None) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type,
        **prompt_of(question),
        "points": question.points,
        "media": question.media,
        "options": [{"id": option.id, "text": short_prose(option.text)} for option in question.options],
        "chosen": list(kept.option_ids) if kept else [],
        "entries": dict(kept.entries) if kept else {},
        "answered": kept is not None and _is_answered(question, kept),
        "flagged": kept.flagged if kept else False,
        "seconds": kept.seconds_spent if kept else 0,
    }
