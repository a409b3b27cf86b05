"""The desk of one exercise: the task, the editor, the results."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.submit_solution import submit_solution
from codezest.services.learning.pages.forms import FILE, sent_files, shown_again, solution_in
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.outline import crumbs_to_item, difficulty_text, link_onward, link_to
from codezest.services.learning.pages.prose import each_as_prose, prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.submission.panel import answer_program, call_text, onward, panel
from codezest.services.learning.queries import items, work
from codezest.services.learning.receipts import Signer
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest_db.enums import AssignmentKind, SubmissionPurpose

router = page_router()

HISTORY = 10


@router.get("/assignments/{assignment_id}")
async def exercise(assignment_id: UUID, context: Context) -> HTMLResponse:
    """The desk with the learner's last program, or the one to start from."""
    async with guarded(context, "ASSIGNMENT", assignment_id):
        return await _desk(context, assignment_id)


@router.post("/assignments/{assignment_id}/run")
async def run(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Try the program on the visible tests."""
    return await _send(context, assignment_id, await request.form(), SubmissionPurpose.RUN)


@router.post("/assignments/{assignment_id}/submit")
async def submit(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Hand the program in, to be graded by all tests."""
    return await _send(context, assignment_id, await request.form(), SubmissionPurpose.SUBMIT)


async def _send(context: RequestContext, assignment_id: UUID, form: FormData, purpose: SubmissionPurpose) -> Response:
    async with guarded(context, "ASSIGNMENT", assignment_id):
        try:
            program = solution_in(form)
            async with context.database.write("learning") as session:
                submission = await submit_solution(
                    session,
                    context.actor,
                    assignment_id,
                    program.code,
                    files=program.files,
                    signer=Signer.of(context.settings),
                    purpose=purpose,
                )
        except AppError as error:
            if context.partial or error.status in {401, 403, 404, 410}:
                raise
            return await _desk(
                context,
                assignment_id,
                status=error.status,
                sent=sent_files(form),
                problem=error.problem(),
            )
    return await answer_program(context, submission.id)


async def _desk(
    context: RequestContext,
    assignment_id: UUID,
    *,
    status: int = 200,
    sent: tuple[str, Mapping[str, str]] | None = None,
    problem: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    found = await items.assignment(pool, context.actor, assignment_id)
    history = await work.my_submissions(pool, context.actor, assignment_id, cursor=None, limit=HISTORY)
    latest = await work.submission(pool, context.actor, found.latest.id) if found.latest else None
    return context.page(
        "learning/pages/exercise/template.html",
        status=status,
        exercise=found,
        crumbs=crumbs_to_item(found, found.title),
        facts=_facts(found),
        instructions=prose_or_none(found.instructions),
        hints=each_as_prose(found.hints),
        examples=[(test, call_text(found.function_name, test.arguments)) for test in found.tests if test.visible],
        hidden=[test for test in found.tests if not test.visible],
        runnable=found.kind is AssignmentKind.CODE and found.runtime is not None,
        past_due=rules.is_past(found.due_at, now()),
        files=_files(found, sent),
        draft=f"{context.actor.user_id}:assignment:{found.id}",
        latest=panel(latest, found) if latest else None,
        next_link=onward(latest, found) if latest else None,
        neighbours=(link_to(found.previous), link_onward(found)),
        history=history.items,
        view="results" if problem else "task",
        problem=problem,
    )


def _files(found: AssignmentDetail, sent: tuple[str, Mapping[str, str]] | None) -> list[dict[str, str]]:
    """The files as their fields show them, the one that the program begins with first."""
    text, others = sent or (found.latest_code or found.starter_code or "", found.latest_files or {})
    files = [_file(found.entry or "", "code", text, found.starter_code)]
    if found.several_files:
        paths = sorted({*found.starter_files, *others})
        files += [
            _file(path, FILE + path, others.get(path, found.starter_files.get(path, "")), found.starter_files.get(path))
            for path in paths
        ]
    return files


def _file(path: str, name: str, text: str, starter: str | None) -> dict[str, str]:
    return {"path": path, "name": name, "text": shown_again(text), "starter": starter or ""}


def _facts(found: AssignmentDetail) -> list[tuple[str, str]]:
    return [
        ("target", difficulty_text(found.difficulty)),
        ("star", _("%(points)s points") % {"points": found.max_score}),
        ("clock", _("%(seconds)s s per test") % {"seconds": f"{found.limits.cpu_seconds:g}"}),
        ("memory", _("%(size)s MB") % {"size": found.limits.memory_bytes >> 20}),
    ]
