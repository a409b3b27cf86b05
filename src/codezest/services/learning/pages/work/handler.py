"""What the form of a text or files does: keep, add, take away, hand in."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData, UploadFile

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.keep_files import lay_ready, take_away, takes_files
from codezest.services.learning.actions.save_draft import save_draft
from codezest.services.learning.actions.submit_work import submit_work
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest.services.learning.errors import DraftConflict
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import refusal
from codezest.services.learning.pages.work.desk import SentWork, work_desk
from codezest.services.learning.policies import access_assignment
from codezest.services.learning.queries import items, work
from codezest.services.learning.receipts import Signer
from codezest.services.learning.schemas.drafts import DraftDetail

router = page_router()
HISTORY = 10
STRANGE = frozenset({401, 403, 404, 410})


@router.post("/assignments/{assignment_id}/hand-in")
async def hand_in(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Keep what is written, and do what the pressed button says. A script that keeps it says so with `autosave`."""
    async with guarded(context, "ASSIGNMENT", assignment_id):
        # Asked before the body is read: it may be large.
        access = await access_assignment(context.database.pool("learning"), context.actor, assignment_id)
        form = await request.form(max_files=1, max_fields=30)
        try:
            if "autosave" in form:
                return await _autosave(context, assignment_id, form)
            wanted = str(form.get("do", "save"))
            file = form.get("file")
            if wanted == "add" or (isinstance(file, UploadFile) and file.filename):
                takes_files(access)
                await _add(context, assignment_id, file)
            kept = await _keep(context, assignment_id, form)
            return await _done(context, assignment_id, form, wanted, kept)
        except AppError as error:
            if error.status in STRANGE:
                raise
            return await _again(context, assignment_id, form, error)
        finally:
            await form.close()


async def _add(context: RequestContext, assignment_id: UUID, file: UploadFile | str | None) -> None:
    if not isinstance(file, UploadFile) or not file.filename:
        raise UploadRefused("missing", _("Choose a file first."))
    await lay_ready(context.resources, context.actor, assignment_id, file.file, name=file.filename)


async def _done(
    context: RequestContext, assignment_id: UUID, form: FormData, wanted: str, kept: DraftDetail | None
) -> Response:
    here = f"/assignments/{assignment_id}"
    if wanted.startswith("remove:"):
        async with context.database.write("learning") as session:
            try:
                await take_away(session, context.actor, UUID(wanted.removeprefix("remove:")))
            except ValueError:
                return context.redirect(here)
        return context.redirect(here, flash=_("The file is gone."))
    if wanted != "send":
        said = _("The file is added.") if wanted == "add" else _("What you wrote is saved.")
        return context.redirect(here, flash=said if wanted == "add" or kept else "")
    async with context.database.write("learning") as session:
        submission = await submit_work(
            session,
            context.actor,
            assignment_id,
            _text(form),
            signer=Signer.of(context.settings),
            idempotency_key=str(form.get("once", ""))[:64] or None,
        )
    return context.redirect(f"/submissions/{submission.id}", flash=_("It is handed in. You will see its grade here."))


async def _keep(context: RequestContext, assignment_id: UUID, form: FormData) -> DraftDetail | None:
    """Keep what is written as the draft; nothing where nothing was written yet.

    Raises:
        DraftConflict: another tab or device has saved something else.
    """
    if not _text(form) and not _revision(form):
        return None
    async with context.database.write("learning") as session:
        return await save_draft(session, context.actor, assignment_id, _text(form), files={}, revision=_revision(form))


async def _autosave(context: RequestContext, assignment_id: UUID, form: FormData) -> Response:
    try:
        kept = await _keep(context, assignment_id, form)
    except AppError as error:
        return JSONResponse(error.problem(), error.status, media_type="application/problem+json")
    return JSONResponse(
        {"revision": str(kept.revision) if kept else "0", "saved_at": kept.saved_at.isoformat() if kept else None}
    )


async def _again(context: RequestContext, assignment_id: UUID, form: FormData, error: AppError) -> Response:
    """The page with what was written. Where another tab has saved something else, sending it again takes its place."""
    async with context.database.reading("learning") as reader:
        found = await items.assignment(reader, context.actor, assignment_id)
        history = await work.my_submissions(reader, context.actor, assignment_id, cursor=None, limit=HISTORY)
    problem = refusal(error)
    revision = _revision(form)
    if isinstance(error, DraftConflict):
        revision = DraftDetail.model_validate(error.members["draft"]).revision
        said = _(
            "Another tab or device has saved something else meanwhile. What you wrote stands below; send it again to keep it "
            "instead."
        )
        problem = {"status": error.status, "errors": [(None, said)], "messages": {}}
    sent = SentWork(text=_text(form), problem=problem, revision=revision)
    return await work_desk(context, found, history.items, sent)


def _text(form: FormData) -> str:
    value = form.get("text")
    return plain_newlines(value) if isinstance(value, str) else ""


def _revision(form: FormData) -> int:
    """Which draft the page was made from; 0 where the form does not say."""
    sent = str(form.get("revision", ""))
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
