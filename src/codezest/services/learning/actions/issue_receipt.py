"""Receipt a submission: the next link of the learner's chain."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.receipts import Handed, Link, Signer, sha256_of
from codezest_db.ids import uuid7
from codezest_db.models.learning import Receipt, ReceiptKey, Submission


async def issue_receipt(
    session: AsyncSession,
    submission: Submission,
    signer: Signer,
    *,
    after: Link,
    key_known: bool,
    handed: Mapping[str, str] | None = None,
) -> None:
    """Write a new submission, not flushed yet, together with its receipt. Call it with the learner locked.

    Args:
        session: the open transaction.
        submission: what is handed in, complete.
        signer: the server's key.
        after: where the learner's chain ends.
        key_known: whether the key is published already; if not, it is now.
        handed: what was handed in, text by path; unless given, the files of its program.
    """
    if not key_known:
        # Whoever comes second at a key's first use waits for the first.
        await session.execute(
            insert(ReceiptKey).values(id=signer.key_id, public_key=signer.public_key).on_conflict_do_nothing()
        )
    receipt_id = uuid7()
    content = Handed(
        submission_id=submission.id,
        user_id=submission.user_id,
        purpose=submission.purpose,
        assignment_id=submission.assignment_id,
        material_id=submission.material_id,
        files=program_files(submission) if handed is None else handed,
    )
    document = signer.document(receipt_id, content, after=after, received_at=now())
    submission.receipt = Receipt(
        id=receipt_id,
        user_id=submission.user_id,
        submission_id=submission.id,
        sequence=after.sequence + 1,
        document=document,
        sha256=sha256_of(document),
        key_id=signer.key_id,
        signature=signer.sign(document),
    )
    await session.flush()


def program_files(submission: Submission) -> dict[str, str]:
    """All files of a program, text by path."""
    return {entry_of(submission.language): submission.code or "", **submission.files}
