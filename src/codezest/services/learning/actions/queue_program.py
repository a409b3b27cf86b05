"""Keep a learner's program and ask for the job that runs it: what submitting and trying out have in common."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import jobs
from codezest.services.learning import rules
from codezest.services.learning.errors import CodeTooLarge, IdempotencyKeyReused, TooManyUnfinished
from codezest.services.learning.repository import lock_learner
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Submission

GRADE = "learning.grade"
"""The job that runs a submission's program. Payload: submission_id, attempt (1 unless given)."""
UNFINISHED = (SubmissionStatus.PENDING, SubmissionStatus.RUNNING)


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
    idempotency_key: str | None = None


def check_size(text: str) -> None:
    """Refuse a program, or its input, that is too large.

    Raises:
        CodeTooLarge: it is.
    """
    if len(text.encode()) > rules.MAX_CODE_BYTES:
        raise CodeTooLarge(rules.MAX_CODE_BYTES)


async def find_repeated(session: AsyncSession, program: Program) -> Submission | None:
    """The submission that an earlier request with this Idempotency-Key made. Call it before `queue_program`.

    From here on, the learner's requests of this kind wait for one another: what is counted next stays true.

    Raises:
        IdempotencyKeyReused: that request asked for something else.
    """
    await lock_learner(session, program.user_id)
    if program.idempotency_key is None:
        return None
    found = await session.scalar(
        select(Submission).where(
            Submission.user_id == program.user_id, Submission.idempotency_key == program.idempotency_key
        )
    )
    if found is not None and program != Program(
        user_id=found.user_id,
        purpose=found.purpose,
        code=found.code or "",
        assignment_id=found.assignment_id,
        material_id=found.material_id,
        stdin=found.stdin,
        idempotency_key=found.idempotency_key,
    ):
        raise IdempotencyKeyReused
    return found


async def queue_program(
    session: AsyncSession, program: Program, *, language: str, max_score: int = 100, is_late: bool = False
) -> Submission:
    """Keep the program and ask for its job, in this transaction.

    Raises:
        TooManyUnfinished: too many programs of the learner wait already.
    """
    attempt_number = await _next_attempt(session, program)
    submission = Submission(
        id=uuid7(),
        user_id=program.user_id,
        assignment_id=program.assignment_id,
        material_id=program.material_id,
        purpose=program.purpose,
        code=program.code,
        stdin=program.stdin,
        language=language,
        status=SubmissionStatus.PENDING,
        max_score=max_score,
        attempt_number=attempt_number if program.purpose is SubmissionPurpose.SUBMIT else None,
        is_late=is_late,
        idempotency_key=program.idempotency_key,
    )
    session.add(submission)
    await session.flush()
    await jobs.enqueue(
        session,
        GRADE,
        {"submission_id": str(submission.id)},
        priority=jobs.INTERACTIVE,
        dedupe_key=grade_key(submission.id),
    )
    return submission


async def _next_attempt(session: AsyncSession, program: Program) -> int:
    """The number of the learner's next attempt at the assignment, if anything more may wait at all."""
    unfinished = Submission.status.in_(UNFINISHED) & Submission.deleted_at.is_(None)
    here = Submission.assignment_id == program.assignment_id
    found = await session.execute(
        select(
            func.count().filter(unfinished).label("waiting"),
            (func.coalesce(func.max(Submission.attempt_number).filter(here), 0) + 1).label("number"),
        ).where(Submission.user_id == program.user_id, or_(here, unfinished))
    )
    row = found.one()
    if row.waiting >= rules.MAX_UNFINISHED:
        raise TooManyUnfinished(rules.MAX_UNFINISHED)
    return row.number
