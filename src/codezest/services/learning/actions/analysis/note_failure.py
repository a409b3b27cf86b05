"""Note how a submission failed, so that the mistakes of a class can be counted."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import driver_connection
from codezest.services.learning.analysers.differences import LONGEST, FailedTest, hash_of, signature_of
from codezest_db.enums import Verdict
from codezest_db.models.learning import SubmissionFailure

FAILED = f"""
SELECT s.user_id, s.assignment_id, s.verdict, r.position, r.verdict AS test_verdict, left(r.expected, {LONGEST}) AS expected,
    left(r.stdout, {LONGEST}) AS stdout,
    CASE WHEN r.visible THEN right(coalesce(nullif(r.stderr, ''), r.message), {LONGEST}) END AS stderr
FROM learning.submissions s
JOIN learning.submission_test_results r ON r.submission_id = s.id
WHERE s.id = $1 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL AND s.verdict NOT IN ('AC', 'IE') AND r.verdict <> 'AC'
ORDER BY r.position LIMIT 200
"""  # noqa: S608 - put together from constants


async def note_failure(session: AsyncSession, submission_id: UUID) -> None:
    """Keep the signature of what failed; of a submission that passes, or was never run, none. Again gives the same."""
    rows: list[Any] = await (await driver_connection(session)).fetch(FAILED, submission_id)
    if not rows:
        await session.execute(delete(SubmissionFailure).where(SubmissionFailure.submission_id == submission_id))
        return
    failed = [
        FailedTest(
            position=row["position"],
            verdict=Verdict(row["test_verdict"]),
            expected=row["expected"],
            stdout=row["stdout"],
            stderr=row["stderr"],
        )
        for row in rows
    ]
    signature, positions = signature_of(failed), [test.position for test in failed]
    verdict = Verdict(rows[0]["verdict"])
    values = {
        "signature": hash_of(verdict, signature, positions),
        "verdict": verdict,
        "difference": signature.difference,
        "parameters": dict(signature.parameters),
        "failed_tests": positions,
    }
    await session.execute(
        insert(SubmissionFailure)
        .values(
            submission_id=submission_id, assignment_id=rows[0]["assignment_id"], user_id=rows[0]["user_id"], **values
        )
        .on_conflict_do_update(index_elements=["submission_id"], set_=values)
    )
