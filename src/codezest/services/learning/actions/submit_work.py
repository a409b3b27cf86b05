"""Hand in a text or files, for a person to grade."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.announce_submitted import announce_submitted
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.hand_grading.keep_files import access_ready_assignment, files_ready
from codezest.services.learning.actions.hand_grading.queue_work import queue_work
from codezest.services.learning.actions.issue_receipt import issue_receipt
from codezest.services.learning.actions.queue_program import STANDING, made_before
from codezest.services.learning.errors import CodeTooLarge, IdempotencyKeyReused
from codezest.services.learning.policies.terms import accept
from codezest.services.learning.receipts import Link, Signer
from codezest.services.learning.repository import lock_learner
from codezest.services.learning.rules import grades
from codezest_db.enums import AssignmentKind, SubmissionPurpose, SubmissionStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import HandInFile, Submission

MOST_TEXT_BYTES = 256 * 1024
"""Of one written answer, in UTF-8."""


def check_text(text: str) -> None:
    """Refuse an answer that is too long.

    Raises:
        CodeTooLarge: it is.
    """
    if len(text.encode()) > MOST_TEXT_BYTES:
        raise CodeTooLarge(MOST_TEXT_BYTES)


async def submit_work(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    text: str,
    *,
    signer: Signer,
    idempotency_key: str | None = None,
) -> Submission:
    """Hand in what was written, and the files that were laid ready. It waits for a person from then on.

    A request repeated with its Idempotency-Key gets the submission it made the first time. Its receipt is loaded.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, IdempotencyKeyReused, NotHandedInSo: as they say.
        PastDue, ItemClosed: see `accept`.
        ValidationFailed: there is nothing to hand in.
    """
    user_id = actor.require_user()
    access = await access_ready_assignment(session, actor, assignment_id)
    check_text(text)
    await lock_learner(session, user_id)
    repeated = await made_before(session, user_id, idempotency_key)
    if repeated is not None:
        if repeated.assignment_id != assignment_id:
            raise IdempotencyKeyReused
        return repeated
    files = await files_ready(session, user_id, assignment_id) if access.kind is AssignmentKind.FILE else []
    if access.kind is AssignmentKind.TEXT and not text.strip():
        raise ValidationFailed.of("text", _("There is nothing written yet."))
    if access.kind is AssignmentKind.FILE and not files:
        raise ValidationFailed.of("file", _("Add a file first."))
    late = accept(access.terms, now())
    await count_study(session, user_id, actor.timezone, submissions=1)
    standing = (
        await session.execute(STANDING, {"user_id": user_id, "assignment_id": assignment_id, "key_id": signer.key_id})
    ).one()
    submission = Submission(
        id=uuid7(),
        user_id=user_id,
        assignment_id=assignment_id,
        purpose=SubmissionPurpose.SUBMIT,
        text_answer=text if text.strip() else None,
        file_key=files[0].file_key if files else None,
        status=SubmissionStatus.SUBMITTED,
        max_score=access.max_score,
        attempt_number=standing.number,
        idempotency_key=idempotency_key,
        is_late=late.is_late,
        late_penalty_percent=late.percent,
    )
    session.add(submission)
    await issue_receipt(
        session,
        submission,
        signer,
        after=Link(sequence=standing.sequence or 0, sha256=standing.sha256),
        key_known=standing.key_known,
        handed=receipted(text, files),
    )
    for file in files:
        file.submission_id = submission.id
    await session.flush()
    await queue_work(session, submission, course_id=access.course_id)
    await announce_submitted(session, submission, course_id=access.course_id)
    return submission


def receipted(text: str, files: list[HandInFile]) -> dict[str, str]:
    """What a receipt names: the text as it is, and of each file `sha256:` with its digest."""
    named = {f"files/{file.name}": f"sha256:{file.sha256}" for file in files}
    return named | ({grades.TEXT_NAME: text} if text.strip() else {})
