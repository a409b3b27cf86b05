"""Ask for the analysis of a submission."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.analysers.analyser import LANGUAGES
from codezest.services.learning.errors import NotAnalysable, TooManyAnalyses
from codezest.services.learning.policies import caller
from codezest.services.learning.policies.permissions import Permission, holds
from codezest_db.enums import AnalysisPolicy, AnalysisStatus, AnalysisType, SubmissionPurpose
from codezest_db.models.learning import SubmissionAnalysis

ANALYSE = "learning.analyse_submission"
MOST_AN_HOUR = 20
"""Analyses that one learner may ask for."""
FORGOTTEN_AFTER = timedelta(minutes=10)
MOST_AT_ONCE = 200

WORK = f"""
SELECT s.user_id, s.purpose, s.status, s.language, coalesce(s.code, '') <> '' AS has_code, m.course_id,
    c.analysis_policy, s.user_id = $2 AS mine, {holds(Permission.GRADE)} AS may_grade
FROM learning.submissions s
JOIN learning.assignments g ON g.id = s.assignment_id
JOIN learning.modules m ON m.id = g.module_id
JOIN learning.courses c ON c.id = m.course_id
WHERE s.id = $1 AND s.deleted_at IS NULL
"""  # noqa: S608 - put together from constants
UNFINISHED = frozenset({"PENDING", "RUNNING"})


async def begin_automatic(session: AsyncSession, submission_id: UUID, *, by_model: bool) -> bool:
    """Begin the analysis of a submission that was graded, where its course wants that; tells whether it is to be made.

    `by_model` says that a model is asked, which reads any language.
    """
    work = await (await driver_connection(session)).fetchrow(WORK, submission_id, None, None)
    if work is None or not _is_analysable(work) or work["analysis_policy"] == AnalysisPolicy.OFF:
        return False
    if not by_model and work["language"] not in LANGUAGES:
        return False
    await _begin(session, submission_id, work, requested_by=None)
    return True


async def enqueue_automatic(session: AsyncSession, submission_id: UUID) -> None:
    """The job that begins it, behind all that somebody waits for."""
    await jobs.enqueue(
        session,
        ANALYSE,
        {"submission_id": str(submission_id), "automatic": True},
        priority=jobs.BULK,
        dedupe_key=f"{ANALYSE}:automatic:{submission_id}",
    )


async def request_analysis(session: AsyncSession, actor: Actor, submission_id: UUID) -> None:
    """Ask for an analysis as the learner whose work it is, or as one who grades it.

    What is there already stays, unless it failed, or one who grades asks again for what nobody has edited.

    Raises:
        Unauthenticated, NotFound: nobody is signed in; there is none, or none that the caller may know of.
        Forbidden: the course has no analyses.
        NotAnalysable: it is no graded program.
        TooManyAnalyses: the learner has asked too often.
    """
    user_id = actor.require_user()
    connection = await driver_connection(session)
    work = await connection.fetchrow(WORK, submission_id, *caller(actor))
    if work is None or not (work["mine"] or work["may_grade"]):
        raise NotFound
    if not work["may_grade"] and work["analysis_policy"] == AnalysisPolicy.OFF:
        raise Forbidden(_("This course gives no feedback of this kind."))
    if not _is_analysable(work):
        raise NotAnalysable
    if await _begin(session, submission_id, work, requested_by=user_id):
        await _limit(session, user_id, may_grade=work["may_grade"])
        await enqueue(session, submission_id)
        return
    kept = await session.scalar(
        select(SubmissionAnalysis).where(SubmissionAnalysis.submission_id == submission_id).with_for_update()
    )
    if kept is None or not _may_begin_again(kept, may_grade=work["may_grade"]):
        return
    kept.status = AnalysisStatus.QUEUED
    kept.requested_by, kept.requested_at = user_id, now()
    kept.cache_key = None
    await session.flush()
    await _limit(session, user_id, may_grade=work["may_grade"])
    await enqueue(session, submission_id)


def _may_begin_again(kept: SubmissionAnalysis, *, may_grade: bool) -> bool:
    if kept.status is AnalysisStatus.FAILED:
        return True
    return may_grade and kept.status is AnalysisStatus.READY and kept.analysis_type is AnalysisType.AI


def _is_analysable(work: Mapping[str, Any]) -> bool:
    return work["purpose"] == SubmissionPurpose.SUBMIT and work["status"] not in UNFINISHED and work["has_code"]


async def _begin(
    session: AsyncSession, submission_id: UUID, work: Mapping[str, Any], *, requested_by: UUID | None
) -> bool:
    inserted = await session.scalar(
        insert(SubmissionAnalysis)
        .values(
            submission_id=submission_id,
            course_id=work["course_id"],
            status=AnalysisStatus.QUEUED,
            requested_by=requested_by,
        )
        .on_conflict_do_nothing(index_elements=["submission_id"])
        .returning(SubmissionAnalysis.id)
    )
    return inserted is not None


async def enqueue(session: AsyncSession, submission_id: UUID) -> None:
    """The job that somebody waits for."""
    await jobs.enqueue(
        session,
        ANALYSE,
        {"submission_id": str(submission_id)},
        dedupe_key=f"{ANALYSE}:{submission_id}",
    )


async def _limit(session: AsyncSession, user_id: UUID, *, may_grade: bool) -> None:
    """Raises TooManyAnalyses, which takes back what this transaction has asked for."""
    if may_grade:
        return
    asked = await session.scalar(
        select(func.count()).where(
            SubmissionAnalysis.requested_by == user_id, SubmissionAnalysis.requested_at > now() - timedelta(hours=1)
        )
    )
    if (asked or 0) > MOST_AN_HOUR:
        raise TooManyAnalyses(MOST_AN_HOUR)


async def resume_analyses(session: AsyncSession) -> int:
    """Ask again for those that have waited for long, as when their job was given up; returns how many there were."""
    waiting = (
        await session.scalars(
            select(SubmissionAnalysis.submission_id)
            .where(
                SubmissionAnalysis.status == AnalysisStatus.QUEUED,
                SubmissionAnalysis.requested_at < now() - FORGOTTEN_AFTER,
            )
            .order_by(SubmissionAnalysis.requested_at)
            .limit(MOST_AT_ONCE)
        )
    ).all()
    for submission_id in waiting:
        await enqueue(session, submission_id)
    # Those behind them have their turn next time, whatever becomes of these.
    await session.execute(
        update(SubmissionAnalysis).where(SubmissionAnalysis.submission_id.in_(waiting)).values(requested_at=now())
    )
    return len(waiting)
