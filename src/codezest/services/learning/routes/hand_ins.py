"""Handing in texts and files, and what became of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from starlette.datastructures import UploadFile

from codezest.kit.context import Context
from codezest.kit.downloads import stored_file
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.keep_files import lay_ready, take_away, takes_files
from codezest.services.learning.actions.submit_work import submit_work
from codezest.services.learning.policies import access_assignment
from codezest.services.learning.queries import hand_grading, hand_in_changes, receipts
from codezest.services.learning.receipts import Signer
from codezest.services.learning.routes.multipart import file_body
from codezest.services.learning.routes.submissions import IdempotencyKey
from codezest.services.learning.schemas.hand_grading import FileLaidReady, LearnersGrade, WrittenAnswer
from codezest.services.learning.schemas.hand_in_changes import HandInChanges
from codezest.services.learning.schemas.work import SubmissionReceipt

router = APIRouter()

Position = Annotated[int, Path(ge=0, le=1_000)]


@router.post("/assignments/{assignment_id}/answers", status_code=201)
async def hand_in(
    context: Context, assignment_id: UUID, answer: WrittenAnswer, idempotency_key: IdempotencyKey = None
) -> SubmissionReceipt:
    """Hand in a text, or the files that were laid ready, with an optional note. It waits for a person to grade it."""
    async with context.database.write("learning") as session:
        submission = await submit_work(
            session,
            context.actor,
            assignment_id,
            answer.text,
            signer=Signer.of(context.settings),
            idempotency_key=idempotency_key,
        )
        return SubmissionReceipt(id=submission.id, status=submission.status, receipt=receipts.receipt_in(submission))


@router.post("/assignments/{assignment_id}/files", status_code=201, openapi_extra=file_body())
async def lay_file_ready(request: Request, context: Context, assignment_id: UUID) -> FileLaidReady:
    """Lay a file ready to be handed in, as `multipart/form-data`; up to 10 of them. What it is follows from its content:
    `upload-refused` says what is wrong with it.
    """
    # Asked before the body is read: it may be large.
    takes_files(await access_assignment(context.database.pool("learning"), context.actor, assignment_id))
    form = await request.form(max_files=1, max_fields=10)
    try:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise ValidationFailed.of("file", _("Choose a file first."))
        kept = await lay_ready(context.resources, context.actor, assignment_id, sent.file, name=sent.filename or "")
    finally:
        await form.close()
    return FileLaidReady.model_validate(kept)


@router.delete("/hand-in-files/{file_id}", status_code=204)
async def take_file_away(context: Context, file_id: UUID) -> None:
    """Remove a file that is not handed in yet."""
    async with context.database.write("learning") as session:
        await take_away(session, context.actor, file_id)


@router.get(
    "/submissions/{submission_id}/files/{position}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_handed_file(context: Context, request: Request, submission_id: UUID, position: Position) -> Response:
    """A file that was handed in, to be saved. For its learner and the course's staff."""
    key, file = await hand_grading.handed_file(
        context.database.pool("learning"), context.actor, submission_id, position
    )
    return await stored_file(
        context.resources.files, key, asked=request.headers, media_type=file.media_type, filename=file.name
    )


@router.get("/submissions/{submission_id}/changes")
async def read_changes(context: Context, submission_id: UUID, since: UUID | None = None) -> HandInChanges:
    """What changed since another attempt of the same learner, the one before unless it is named. For the learner and staff."""
    return await hand_in_changes.hand_in_changes(context.database.pool("learning"), context.actor, submission_id, since)


@router.get("/submissions/{submission_id}/grade")
async def read_grade(context: Context, submission_id: UUID) -> LearnersGrade:
    """How the caller's own work was graded by hand: nothing of it before it is released."""
    return await hand_grading.learners_grade(context.database.pool("learning"), context.actor, submission_id)
