"""Receipts as they are given out, and the keys that verify them."""

import base64
import json
from uuid import UUID

import asyncpg

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.receipts import Signer, receipt_of
from codezest.services.learning.schemas.work import Receipt, ReceiptKey, ReceiptKeys
from codezest_db.models.learning import Submission

RECEIPT = """
SELECT r.document, r.signature FROM learning.submission_receipts r
JOIN learning.submissions s ON s.id = r.submission_id
WHERE s.id = $1 AND s.deleted_at IS NULL AND (s.user_id = $2 OR $3 = 'ADMIN')
"""


def receipt_in(submission: Submission) -> Receipt | None:
    """The receipt of a submission that was loaded with it."""
    if submission.receipt is None:
        return None
    return Receipt.model_validate(receipt_of(submission.receipt.document, submission.receipt.signature))


async def receipt(reader: Reader, actor: Actor, submission_id: UUID) -> Receipt:
    """The receipt of the caller's submission; administrators get anybody's.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: there is no such submission, it is somebody else's, or it is older than receipts are.
    """
    actor.require_user()
    row = await reader.fetchrow(RECEIPT, submission_id, *caller(actor))
    if row is None:
        raise NotFound
    return Receipt.model_validate(receipt_of(row["document"], row["signature"]))


def receipt_file(found: Receipt) -> str:
    """A receipt as a file to keep: JSON for eyes and `codezest verify-receipt` alike."""
    return json.dumps(found.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


async def receipt_keys(pool: asyncpg.Pool, signer: Signer) -> ReceiptKeys:
    """Every key that ever signed, the present one included, even if it has signed nothing yet."""
    rows = await pool.fetch("SELECT k.id, k.public_key FROM learning.receipt_keys k ORDER BY k.created_at, k.id")
    keys = {row["id"]: bytes(row["public_key"]) for row in rows} | {signer.key_id: signer.public_key}
    return ReceiptKeys(
        keys=[ReceiptKey(id=key_id, public_key=base64.b64encode(key).decode()) for key_id, key in keys.items()]
    )
