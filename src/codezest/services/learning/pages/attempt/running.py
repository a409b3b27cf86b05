"""Programs of an attempt that are tried on the tests which their questions show."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.services.learning.actions.queue_question import queue_sample
from codezest.services.learning.actions.save_attempt import save_attempt
from codezest.services.learning.errors import AttemptAlreadySubmitted, AttemptExpired
from codezest.services.learning.pages.attempt.sent import SentAttempt
from codezest.services.learning.pages.program_runs import shown_run
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import attempts
from codezest.services.learning.queries.question_runs import sample_runs
from codezest.services.learning.questions.asked import CODE

router = page_router()


@router.post("/attempts/{attempt_id}/run")
async def run(attempt_id: UUID, request: Request, context: Context) -> Response:
    """Run the program of the question that the button names. Without scripts all answers are kept on the way."""
    context.actor.require_user()
    form = await request.form()
    question_id = _question(str(form.get("run", "")))
    back = f"/attempts/{attempt_id}?question={form['number']}" if form.get("only") else f"/attempts/{attempt_id}"
    problem: str | None = None
    try:
        sent = SentAttempt.of(form)
        if not context.partial:
            await _keep(context, attempt_id, sent)
        given = sent.given.get(question_id)
        async with context.database.write("learning") as session:
            await queue_sample(
                session, context.actor, attempt_id, question_id, given.entries.get(CODE, "") if given else ""
            )
    except (AttemptAlreadySubmitted, AttemptExpired):
        if context.partial:
            raise
        return context.redirect(f"/attempts/{attempt_id}")
    except AppError as error:
        if error.status in {401, 403, 404}:
            raise
        problem = error.detail or error.title
    if not context.partial:
        return context.redirect(
            f"{back}#tried-{question_id}", flash=problem or "", kind="warning" if problem else "success"
        )
    return await _fragment(context, attempt_id, question_id, problem=problem)


@router.get("/attempts/{attempt_id}/questions/{question_id}/run")
async def tried(attempt_id: UUID, question_id: UUID, context: Context) -> Response:
    """What came of it, for pages that wait; others are led back to the question."""
    context.actor.require_user()
    if not context.partial:
        return context.redirect(f"/attempts/{attempt_id}#tried-{question_id}")
    return await _fragment(context, attempt_id, question_id)


async def _fragment(
    context: RequestContext, attempt_id: UUID, question_id: UUID, *, problem: str | None = None
) -> Response:
    found = await sample_runs(context.database.pool("learning"), context.actor, attempt_id, question_id)
    run = found.get(question_id)
    return context.page(
        "learning/pages/attempt/tried.html",
        url=tried_url(attempt_id, question_id),
        run=shown_run(run) if run and problem is None else None,
        problem=problem,
    )


async def _keep(context: RequestContext, attempt_id: UUID, sent: SentAttempt) -> None:
    """Save the answers of a page without scripts.

    Raises:
        AttemptSavedElsewhere, AttemptExpired, …: see `save_attempt`.
    """
    found = await attempts.attempt(context.database.pool("learning"), context.actor, attempt_id)
    if found.saved is None:
        raise AttemptAlreadySubmitted
    await save_attempt(
        context.database.pool("learning"),
        context.actor,
        attempt_id,
        sent.merged(found.saved),
        revision=found.saved.revision if sent.revision is None else sent.revision,
    )


async def tried_of(context: RequestContext, attempt_id: UUID) -> Mapping[UUID, Any]:
    """What the reader tried in an attempt, by question, as the component `program_run` takes it."""
    found = await sample_runs(context.database.pool("learning"), context.actor, attempt_id)
    return {question: shown_run(run) for question, run in found.items()}


def tried_url(attempt_id: UUID, question_id: UUID) -> str:
    return f"/attempts/{attempt_id}/questions/{question_id}/run"


def _question(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
