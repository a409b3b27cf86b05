"""Give a grader something to grade that nobody else is grading.

A claim that is held (`released_at` is null) is unique for each submission, whoever asks and however many at once: the
database refuses a second one. One that has expired may be taken over. Claims that were given up stay, in the order in which
a grader first had them, so that “previous” leads back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning.errors import OwnWork, WorkClaimed, WorkUnfinished
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.grading_queue import QueueFilter
from codezest.services.learning.schemas.hand_grading import NextWork
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Submission

HELD_FOR = timedelta(minutes=15)
SKIPPED_FOR = timedelta(hours=12)
"""How long what a grader skipped comes after all else."""
UNFINISHED = frozenset({SubmissionStatus.PENDING, SubmissionStatus.RUNNING})

# Another grader's transaction hides what it is about to claim; what it has claimed since this statement began is refused by
# the unique index, and the next round leaves it out.
_NEXT = text("""
SELECT h.submission_id
FROM learning.hand_gradings h
WHERE h.course_id = :course_id AND h.state = 'WAITING' AND h.user_id <> :user_id
  AND h.submission_id <> ALL (CAST(:tried AS uuid[]))
  AND (CAST(:assignment_id AS uuid) IS NULL OR h.assignment_id = :assignment_id)
  AND (CAST(:cohort_id AS uuid) IS NULL OR EXISTS (
      SELECT FROM learning.enrollments e
      WHERE e.course_id = h.course_id AND e.user_id = h.user_id AND e.cohort_id = :cohort_id))
  AND NOT EXISTS (
      SELECT FROM learning.grading_claims k
      WHERE k.submission_id = h.submission_id AND k.released_at IS NULL AND k.expires_at > now() AND k.user_id <> :user_id)
  AND (:even_skipped OR NOT EXISTS (
      SELECT FROM learning.grading_claims k
      WHERE k.submission_id = h.submission_id AND k.user_id = :user_id AND k.skipped_at > :skipped_since))
ORDER BY h.submission_id
LIMIT 1
FOR UPDATE OF h SKIP LOCKED
""")
_EXPIRE = text("""
UPDATE learning.grading_claims SET released_at = expires_at
WHERE submission_id = :submission_id AND released_at IS NULL AND expires_at <= now() AND user_id <> :user_id
""")
_CLAIM = text("""
INSERT INTO learning.grading_claims AS k (id, submission_id, user_id, expires_at)
SELECT CAST(:id AS uuid), CAST(:submission_id AS uuid), CAST(:user_id AS uuid), now() + CAST(:held_for AS interval)
WHERE NOT EXISTS (
    SELECT FROM learning.grading_claims o
    WHERE o.submission_id = :submission_id AND o.released_at IS NULL AND o.user_id <> :user_id)
ON CONFLICT (user_id, submission_id) DO UPDATE SET
    expires_at = excluded.expires_at, released_at = NULL, skipped_at = NULL
RETURNING k.expires_at
""")
_HOLDER = text("""
SELECT u.display_name FROM learning.grading_claims k LEFT JOIN auth.public_users u ON u.id = k.user_id
WHERE k.submission_id = :submission_id AND k.released_at IS NULL AND k.user_id <> :user_id
""")
_RELEASE = text("""
UPDATE learning.grading_claims
SET released_at = now(), skipped_at = CASE WHEN :skipped THEN now() ELSE skipped_at END
WHERE submission_id = :submission_id AND user_id = :user_id AND released_at IS NULL
""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('grading:' || CAST(:id AS text), 0))")
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended('grading:' || CAST(:id AS text), 0))")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Work that the caller holds."""

    submission: Submission
    course_id: UUID
    expires_at: datetime


async def claim_next(session: AsyncSession, actor: Actor, course_id: UUID, wanted: QueueFilter) -> NextWork:
    """Claim what has waited longest of what is asked for, what the caller skipped coming last.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    user_id = actor.require_user()
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.GRADE)
    values = {
        "course_id": course_id,
        "user_id": user_id,
        "assignment_id": wanted.assignment_id,
        "cohort_id": wanted.cohort_id,
    }
    tried: list[UUID] = []
    since = await _skipped_since(session)
    for even_skipped in (False, True):
        while True:
            found = await session.scalar(
                _NEXT, values | {"even_skipped": even_skipped, "skipped_since": since, "tried": tried}
            )
            if found is None:
                break
            tried.append(found)
            # Its row is locked by now, which whoever holds the other lock may be about to ask for: no waiting here.
            if await session.scalar(_TRY_LOCK, {"id": str(found)}) and await take(session, found, user_id) is not None:
                return NextWork(submission_id=found, only_skipped=even_skipped)
    return NextWork(submission_id=None)


async def _skipped_since(session: AsyncSession) -> datetime:
    moment = await session.scalar(text("SELECT now()"))
    assert isinstance(moment, datetime)
    return moment - SKIPPED_FOR


async def take(session: AsyncSession, submission_id: UUID, user_id: UUID) -> datetime | None:
    """Claim this very piece, or hold it for longer; returns until when, or None while it is with somebody else."""
    await session.execute(_LOCK, {"id": str(submission_id)})
    place = {"submission_id": submission_id, "user_id": user_id}
    await session.execute(_EXPIRE, place)
    return await session.scalar(_CLAIM, {**place, "id": uuid7(), "held_for": HELD_FOR})


async def claim_work(session: AsyncSession, actor: Actor, submission_id: UUID) -> Claimed:
    """Claim this piece, or keep holding it. The submission is locked until the transaction ends.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
        OwnWork, WorkClaimed, WorkUnfinished: as they say.
    """
    user_id = actor.require_user()
    course = await access_course_of(
        await driver_connection(session), actor, "submission", submission_id, Permission.GRADE
    )
    submission = await session.scalar(
        select(Submission)
        .where(
            Submission.id == submission_id,
            Submission.purpose == SubmissionPurpose.SUBMIT,
            Submission.deleted_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if submission is None:
        raise NotFound
    if submission.user_id == user_id:
        raise OwnWork
    if submission.status in UNFINISHED:
        raise WorkUnfinished
    expires_at = await take(session, submission_id, user_id)
    if expires_at is None:
        raise WorkClaimed(await session.scalar(_HOLDER, {"submission_id": submission_id, "user_id": user_id}))
    return Claimed(submission, course.id, expires_at)


async def give_back(session: AsyncSession, actor: Actor, submission_id: UUID, *, skipped: bool = False) -> None:
    """Let others grade it. Nothing happens where the caller does not hold it.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    user_id = actor.require_user()
    await access_course_of(await driver_connection(session), actor, "submission", submission_id, Permission.GRADE)
    await end_claim(session, submission_id, user_id, skipped=skipped)


async def end_claim(session: AsyncSession, submission_id: UUID, user_id: UUID, *, skipped: bool = False) -> None:
    await session.execute(_RELEASE, {"submission_id": submission_id, "user_id": user_id, "skipped": skipped})
