"""Running and submitting programs, and following what becomes of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.run_material import run_material
from codezest.services.learning.actions.submit_solution import submit_solution
from codezest.services.learning.queries import receipts, work
from codezest.services.learning.receipts import Signer
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.routes.submission_events import EventStream, submission_events
from codezest.services.learning.schemas.work import (
    Program,
    ProgramWithInput,
    Receipt,
    ReceiptKeys,
    SubmissionDetail,
    SubmissionPage,
    SubmissionReceipt,
    Trial,
)
from codezest_db.enums import SubmissionPurpose
from codezest_db.models.learning import Submission

router = APIRouter()

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[!-~]+$",
        description="Sent again with the same program, it gets the submission made the first time.",
    ),
]

EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Server-sent events: `status` {status, done, total, queue}, where `queue` {position, expected_wait_seconds} is "
            "null unless it is PENDING; `test` as each test ends; `final` with all that `GET submissions/{id}` answers, "
            "after which the stream ends."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.post("/materials/{material_id}/run", status_code=202)
async def run_cell(
    context: Context, material_id: UUID, program: ProgramWithInput, idempotency_key: IdempotencyKey = None
) -> SubmissionReceipt:
    """Run the program of a CODE_EXAMPLE or INTERACTIVE on the input given."""
    async with context.database.write("learning") as session:
        submission = await run_material(
            session,
            context.actor,
            material_id,
            program.code,
            signer=Signer.of(context.settings),
            stdin=program.stdin,
            idempotency_key=idempotency_key,
        )
        return _accepted(submission)


@router.post("/assignments/{assignment_id}/run", status_code=202)
async def run_solution(
    context: Context, assignment_id: UUID, program: Trial, idempotency_key: IdempotencyKey = None
) -> SubmissionReceipt:
    """Try a program on the visible tests, or on the input given, where nothing is compared. It does not count."""
    return await _submit(
        context, assignment_id, program, SubmissionPurpose.RUN, idempotency_key=idempotency_key, stdin=program.stdin
    )


@router.post("/assignments/{assignment_id}/submissions", status_code=202)
async def submit(
    context: Context, assignment_id: UUID, program: Program, idempotency_key: IdempotencyKey = None
) -> SubmissionReceipt:
    """Submit a solution: it is graded by all tests, and counts."""
    return await _submit(context, assignment_id, program, SubmissionPurpose.SUBMIT, idempotency_key=idempotency_key)


async def _submit(
    context: Context,
    assignment_id: UUID,
    program: Program,
    purpose: SubmissionPurpose,
    *,
    idempotency_key: str | None,
    stdin: str | None = None,
) -> SubmissionReceipt:
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
            idempotency_key=idempotency_key,
        )
        return _accepted(submission)


def _accepted(submission: Submission) -> SubmissionReceipt:
    return SubmissionReceipt(id=submission.id, status=submission.status, receipt=receipts.receipt_in(submission))


@router.get("/assignments/{assignment_id}/submissions")
async def list_submissions(
    context: Context, assignment_id: UUID, cursor: Cursor = None, limit: PageSize = 20
) -> SubmissionPage:
    """The caller's submissions that count, the newest first."""
    return await work.my_submissions(
        context.database.pool("learning"), context.actor, assignment_id, cursor=cursor, limit=limit
    )


@router.get("/submissions/{submission_id}", response_model=SubmissionDetail)
async def read_submission(context: Context, submission_id: UUID) -> Response:
    """A submission with its results. Of hidden tests only verdict and points are shown."""
    return json_answer(await work.submission_json(context.database.pool("learning"), context.actor, submission_id))


@router.get("/submissions/{submission_id}/receipt")
async def read_receipt(context: Context, submission_id: UUID) -> Receipt:
    """What proves that the caller handed this in. Administrators may read anybody's."""
    return await receipts.receipt(context.database.pool("learning"), context.actor, submission_id)


@router.get("/receipts/keys")
async def list_receipt_keys(context: Context) -> ReceiptKeys:
    """The public keys that verify receipts, those that sign no longer included."""
    return await receipts.receipt_keys(context.database.pool("learning"), Signer.of(context.settings))


@router.get("/submissions/{submission_id}/events", response_class=StreamingResponse, responses=EVENT_STREAM)
async def follow_submission(context: Context, submission_id: UUID) -> StreamingResponse:
    """Follow a submission until it is graded. A client that connects again starts from what holds then."""
    await work.submission_state(context.database.pool("learning"), context.actor, submission_id)
    events = submission_events(context.resources, context.actor, submission_id)
    return EventStream(context.resources, context.actor, events)
