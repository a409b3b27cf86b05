"""The desk of one exercise: the task, the editor, the results, and what its forms do."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.reveal_hint import reveal_hint
from codezest.services.learning.actions.save_draft import save_draft
from codezest.services.learning.actions.submit_solution import submit_solution
from codezest.services.learning.errors import DraftConflict
from codezest.services.learning.pages.exercise import comparing, files
from codezest.services.learning.pages.exercise.desk import Sent, desk
from codezest.services.learning.pages.exercise.form import program_of, revision_of, sent_again
from codezest.services.learning.pages.exercise.keeping import keep_program
from codezest.services.learning.pages.forms import plain_newlines, solution_in
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.prose import each_as_prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.submission.panel import answer_program
from codezest.services.learning.receipts import Signer
from codezest_db.enums import SubmissionPurpose

router = page_router()


@router.get("/assignments/{assignment_id}")
async def exercise(
    assignment_id: UUID, context: Context, program: str | None = None, view: str | None = None
) -> HTMLResponse:
    """The desk with the program as it was left. `program` puts another one in the editor, and keeps the draft; `view` names the
    pane that a phone shows first.
    """
    async with guarded(context, "ASSIGNMENT", assignment_id):
        return await desk(context, assignment_id, wanted=program, view=view)


@router.post("/assignments/{assignment_id}/run")
async def run(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Try the program on the visible tests."""
    return await _send(context, assignment_id, await request.form(), SubmissionPurpose.RUN)


@router.post("/assignments/{assignment_id}/try")
async def run_on_own_input(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Run the program once on the learner's own input."""
    return await _send(context, assignment_id, await request.form(), SubmissionPurpose.RUN, own_input=True)


@router.post("/assignments/{assignment_id}/submit")
async def submit(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Hand the program in, to be graded by all tests."""
    return await _send(context, assignment_id, await request.form(), SubmissionPurpose.SUBMIT)


@router.post("/assignments/{assignment_id}/draft")
async def save(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Keep the program as it stands; what scripts do by themselves."""
    form = await request.form()
    shown = await keep_program(context, assignment_id, form, lambda: program_of(form))
    return shown or context.redirect(f"/assignments/{assignment_id}", flash=_("Your program is saved."))


@router.post("/assignments/{assignment_id}/hints")
async def ask_for_hint(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Show one more hint."""
    asked = str((await request.form()).get("position", ""))
    async with guarded(context, "ASSIGNMENT", assignment_id):
        if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
            raise ValidationFailed.of("position", _("There is no such hint."))
        async with context.database.write("learning") as session:
            known = await reveal_hint(session, context.actor, assignment_id, int(asked))
    if not context.partial:
        return context.redirect(f"/assignments/{assignment_id}#hints")
    return context.page(
        "learning/pages/exercise/hints.html",
        hints=each_as_prose(known.items),
        hint_count=known.total,
        assignment_id=assignment_id,
    )


async def _send(
    context: RequestContext,
    assignment_id: UUID,
    form: FormData,
    purpose: SubmissionPurpose,
    *,
    own_input: bool = False,
) -> Response:
    async with guarded(context, "ASSIGNMENT", assignment_id):
        try:
            program = solution_in(form)
            stdin = plain_newlines(str(form.get("stdin", ""))) if own_input else None
            async with context.database.write("learning") as session:
                submission = await submit_solution(
                    session,
                    context.actor,
                    assignment_id,
                    program.code,
                    files=program.files,
                    stdin=stdin,
                    signer=Signer.of(context.settings),
                    purpose=purpose,
                )
        except AppError as error:
            if context.partial or error.status in {401, 403, 404, 410}:
                raise
            return await desk(
                context, assignment_id, sent=sent_again(form, status=error.status, problem=error.problem())
            )
    if not context.partial:
        await _keep(context, assignment_id, form)
    return await answer_program(context, submission.id)


async def _keep(context: RequestContext, assignment_id: UUID, form: FormData) -> None:
    """What was sent becomes the draft, unless another tab or device has saved one meanwhile: the desk then speaks of both."""
    program: Sent = sent_again(form)
    try:
        async with context.database.write("learning") as session:
            await save_draft(
                session,
                context.actor,
                assignment_id,
                program.program.entry,
                files=program.program.others,
                revision=revision_of(form),
            )
    except DraftConflict:
        return


router.include_router(files.router)
router.include_router(comparing.router)
