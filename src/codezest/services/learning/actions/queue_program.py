"""Keep a learner's program, receipt it, and ask for the job that runs it: what submitting and trying out have in common.

The queue is fair by rounds, in each of which every learner has one program. A program's round (its **turn**) is the one
after the learner's last, but never one that is over: the present round is the lowest of all programs that wait or run, or,
when there is none, the highest there ever was. So a learner who comes anew stands before all that others have waiting for
later rounds, and nobody waits for ever, since whoever has been served belongs to the next round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from codezest.kit import jobs
from codezest.services.learning import rules
from codezest.services.learning.actions.issue_receipt import issue_receipt
from codezest.services.learning.actions.next_turn import NEXT_TURN
from codezest.services.learning.errors import CodeTooLarge, IdempotencyKeyReused, TooManyUnfinished
from codezest.services.learning.receipts import Link, Signer
from codezest.services.learning.repository import lock_learner
from codezest.services.learning.rules.timing import IN_TIME, Lateness
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Submission

GRADE = "learning.grade"
"""The job that runs a submission's program. Payload: submission_id, attempt (1 unless given)."""
UNFINISHED = (SubmissionStatus.PENDING, SubmissionStatus.RUNNING)

# Literals where an index has a condition: PostgreSQL cannot prove it of a parameter.
STANDING = text(f"""
SELECT mine.waiting, mine.number, last.sequence, last.sha256,
    EXISTS (SELECT FROM learning.receipt_keys k WHERE k.id = :key_id) AS key_known,
    {NEXT_TURN} AS turn
FROM (
    SELECT count(*) FILTER (WHERE s.status IN ('PENDING', 'RUNNING') AND s.deleted_at IS NULL) AS waiting,
        coalesce(max(s.attempt_number) FILTER (WHERE s.assignment_id = CAST(:assignment_id AS uuid)), 0) + 1 AS number
    FROM learning.submissions s
    WHERE s.user_id = :user_id
      AND (s.assignment_id = CAST(:assignment_id AS uuid)
           OR s.status IN ('PENDING', 'RUNNING') AND s.deleted_at IS NULL)) mine
LEFT JOIN LATERAL (
    SELECT r.sequence, r.sha256 FROM learning.submission_receipts r
    WHERE r.user_id = :user_id ORDER BY r.sequence DESC LIMIT 1) last ON true
""")  # noqa: S608 - put together from constants


def grade_key(submission_id: UUID | str, attempt: int = 1) -> str:
    """The queue's deduplication key of one attempt at grading a submission."""
    return f"{GRADE}:{submission_id}:{attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a request asks for, and what a repeated request must ask for again."""

    user_id: UUID
    purpose: SubmissionPurpose
    code: str
    assignment_id: UUID | None = None
    material_id: UUID | None = None
    stdin: str | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """What else the program is made of, text by path."""
    idempotency_key: str | None = None


def check_size(text: str) -> None:
    """Refuse a program, or its input, that is too large.

    Raises:
        CodeTooLarge: it is.
    """
    if len(text.encode()) > rules.MAX_CODE_BYTES:
        raise CodeTooLarge(rules.MAX_CODE_BYTES)


async def made_before(session: AsyncSession, user_id: UUID, idempotency_key: str | None) -> Submission | None:
    """What the learner sent before with this Idempotency-Key; its receipt is loaded."""
    if idempotency_key is None:
        return None
    return await session.scalar(
        select(Submission)
        .where(Submission.user_id == user_id, Submission.idempotency_key == idempotency_key)
        .options(selectinload(Submission.receipt))
    )


async def find_repeated(session: AsyncSession, program: Program) -> Submission | None:
    """The submission that an earlier request with this Idempotency-Key made. Call it before `queue_program`.

    From here on, the learner's requests of this kind wait for one another: what is counted next stays true.

    Raises:
        IdempotencyKeyReused: that request asked for something else.
    """
    await lock_learner(session, program.user_id)
    found = await made_before(session, program.user_id, program.idempotency_key)
    if found is not None and program != Program(
        user_id=found.user_id,
        purpose=found.purpose,
        code=found.code or "",
        assignment_id=found.assignment_id,
        material_id=found.material_id,
        stdin=found.stdin,
        files=found.files,
        idempotency_key=found.idempotency_key,
    ):
        raise IdempotencyKeyReused
    return found


async def queue_program(
    session: AsyncSession,
    program: Program,
    signer: Signer,
    *,
    language: str,
    max_score: int = 100,
    late: Lateness = IN_TIME,
) -> Submission:
    """Keep the program, receipt it and ask for its job, in this transaction. The receipt is loaded.

    Raises:
        TooManyUnfinished: too many programs of the learner wait already.
    """
    standing = await _standing(session, program, signer)
    submission = Submission(
        id=uuid7(),
        user_id=program.user_id,
        assignment_id=program.assignment_id,
        material_id=program.material_id,
        purpose=program.purpose,
        code=program.code,
        files=dict(program.files),
        stdin=program.stdin,
        language=language,
        status=SubmissionStatus.PENDING,
        max_score=max_score,
        attempt_number=standing.number if program.purpose is SubmissionPurpose.SUBMIT else None,
        is_late=late.is_late,
        late_penalty_percent=late.percent,
        idempotency_key=program.idempotency_key,
        turn=standing.turn,
    )
    session.add(submission)
    await issue_receipt(
        session,
        submission,
        signer,
        after=Link(sequence=standing.sequence or 0, sha256=standing.sha256),
        key_known=standing.key_known,
    )
    await queue_grading(session, submission.id, turn=submission.turn)
    return submission


async def queue_grading(
    session: AsyncSession,
    submission_id: UUID,
    *,
    turn: int | None = None,
    attempt: int = 1,
    delay: timedelta | None = None,
) -> None:
    """Ask for one attempt at grading. A further one keeps the submission's turn (looked up unless given): by then it is an
    early one, so that whoever has waited longest is not put back.
    """
    if turn is None:
        turn = await session.scalar(select(Submission.turn).where(Submission.id == submission_id))
    await jobs.enqueue(
        session,
        GRADE,
        {"submission_id": str(submission_id), "attempt": attempt},
        priority=jobs.in_turn(turn or 0),
        delay=delay,
        dedupe_key=grade_key(submission_id, attempt),
    )


async def _standing(
    session: AsyncSession, program: Program, signer: Signer
) -> Row[tuple[int, int, int | None, str | None, bool, int]]:
    """Where the learner stands: waiting programs, number of the next attempt, end of the receipts' chain, next turn.

    Raises:
        TooManyUnfinished: too many programs wait already.
    """
    found = await session.execute(
        STANDING,
        {"user_id": program.user_id, "assignment_id": program.assignment_id, "key_id": signer.key_id},
    )
    row = found.one()
    if row.waiting >= rules.MAX_UNFINISHED:
        raise TooManyUnfinished(rules.MAX_UNFINISHED)
    return row
