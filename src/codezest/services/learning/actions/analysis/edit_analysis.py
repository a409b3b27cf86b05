"""Change an analysis by hand, approve it, and say whether it helped."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import AnalysisJudged, GradingRulesChanged
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning.analysers.wording import said, unchanged
from codezest.services.learning.errors import AnalysisChanged
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.analysis import QuizAnalysisEdit, SubmissionAnalysisEdit
from codezest_db.enums import AnalysisPolicy, AnalysisStatus, AnalysisType
from codezest_db.models.learning import Course, QuizAnalysis, Submission, SubmissionAnalysis

NOTES = ("strengths", "weaknesses", "suggestions")
KEPT_OF_SUBMISSION = (*NOTES, "evidence", "overall_score", "code_quality", "detailed_feedback")
KEPT_OF_QUIZ = ("insights", "recommendations", "time_management")
AnyAnalysis = SubmissionAnalysis | QuizAnalysis


async def edit_submission_analysis(
    session: AsyncSession, actor: Actor, submission_id: UUID, edit: SubmissionAnalysisEdit
) -> None:
    """Make it say what an instructor says: HYBRID where something was there, MANUAL where nothing was.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`; it takes GRADE.
        AnalysisChanged: it is another one than the caller has read.
    """
    course = await access_course_of(
        await driver_connection(session), actor, "submission", submission_id, Permission.GRADE
    )
    analysis = await _submission_row(session, submission_id, course.id, make=True)
    _same(analysis, edit.revision)
    _keep_original(analysis, KEPT_OF_SUBMISSION)
    for name in NOTES:
        setattr(analysis, name, unchanged(getattr(edit, name), getattr(analysis, name)))
    analysis.overall_score = edit.overall_score
    analysis.code_quality = edit.code_quality.model_dump() if edit.code_quality else None
    analysis.detailed_feedback = edit.detailed_feedback or None
    if edit.kept_evidence is not None:
        kept = set(edit.kept_evidence)
        analysis.evidence = [one for place, one in enumerate(analysis.evidence) if place in kept]
    analysis.finished_at = analysis.finished_at or now()
    await _finish(session, analysis, actor.require_user(), approve=edit.approve)


async def edit_quiz_analysis(session: AsyncSession, actor: Actor, attempt_id: UUID, edit: QuizAnalysisEdit) -> None:
    """The same for an attempt; what was counted stays as it was counted. Raises as above."""
    course = await access_course_of(await driver_connection(session), actor, "attempt", attempt_id, Permission.GRADE)
    analysis = await _attempt_row(session, attempt_id, course.id, make=True)
    _same(analysis, edit.revision)
    _keep_original(analysis, KEPT_OF_QUIZ)
    analysis.insights = unchanged(edit.insights, analysis.insights)
    analysis.recommendations = unchanged(edit.recommendations, analysis.recommendations)
    same_time = analysis.time_management is not None and said(analysis.time_management) == edit.time_management
    analysis.time_management = analysis.time_management if same_time else edit.time_management or None
    await _finish(session, analysis, actor.require_user(), approve=edit.approve)


async def approve_submission_analysis(session: AsyncSession, actor: Actor, submission_id: UUID, revision: int) -> None:
    """Let the learner see it as it is. A second time nothing happens. Raises as above, and NotFound where there is none."""
    course = await access_course_of(
        await driver_connection(session), actor, "submission", submission_id, Permission.GRADE
    )
    await _approve(session, await _submission_row(session, submission_id, course.id, make=False), actor, revision)


async def approve_quiz_analysis(session: AsyncSession, actor: Actor, attempt_id: UUID, revision: int) -> None:
    """As above."""
    course = await access_course_of(await driver_connection(session), actor, "attempt", attempt_id, Permission.GRADE)
    await _approve(session, await _attempt_row(session, attempt_id, course.id, make=False), actor, revision)


async def say_helpful(session: AsyncSession, actor: Actor, submission_id: UUID, *, helpful: bool) -> None:
    """Keep what the learner thinks of an analysis that they can see; the last word counts.

    Raises:
        Unauthenticated, NotFound: it is not theirs, or there is none to see.
    """
    mine = select(Submission.id).where(Submission.id == submission_id, Submission.user_id == actor.require_user())
    kept = await session.scalar(
        update(SubmissionAnalysis)
        .where(
            SubmissionAnalysis.submission_id.in_(mine),
            SubmissionAnalysis.released_at.is_not(None),
            SubmissionAnalysis.status.in_((AnalysisStatus.READY, AnalysisStatus.APPROVED)),
        )
        .values(helpful=helpful)
        .returning(SubmissionAnalysis.id)
    )
    if kept is None:
        raise NotFound


async def set_analysis_policy(session: AsyncSession, actor: Actor, course_id: UUID, policy: AnalysisPolicy) -> None:
    """Decide when the course's learners get analyses from now on; what they see already stays.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; it takes AUTHOR.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    changed = await session.scalar(
        update(Course)
        .where(Course.id == course_id, Course.analysis_policy != policy)
        .values(analysis_policy=policy)
        .returning(Course.id)
    )
    if changed is not None:
        await outbox.publish(
            session,
            GradingRulesChanged(
                actor_user_id=actor.require_user(),
                course_id=course_id,
                assignment_id=None,
                changes={"analysis_policy": policy},
            ),
        )


async def _submission_row(
    session: AsyncSession, submission_id: UUID, course_id: UUID, *, make: bool
) -> SubmissionAnalysis:
    if make:
        values = {"submission_id": submission_id, "course_id": course_id, "analysis_type": AnalysisType.MANUAL}
        await session.execute(insert(SubmissionAnalysis).values(**values).on_conflict_do_nothing())
    found = await session.scalar(
        select(SubmissionAnalysis).where(SubmissionAnalysis.submission_id == submission_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _attempt_row(session: AsyncSession, attempt_id: UUID, course_id: UUID, *, make: bool) -> QuizAnalysis:
    if make:
        values = {"attempt_id": attempt_id, "course_id": course_id, "analysis_type": AnalysisType.MANUAL}
        await session.execute(insert(QuizAnalysis).values(**values).on_conflict_do_nothing())
    found = await session.scalar(select(QuizAnalysis).where(QuizAnalysis.attempt_id == attempt_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def _same(analysis: AnyAnalysis, revision: int) -> None:
    if analysis.revision != revision:
        raise AnalysisChanged(analysis.revision)


def _keep_original(analysis: AnyAnalysis, names: Sequence[str]) -> None:
    """Before the first change by hand, what was there is put beside it. An analysis that never came is nothing to keep."""
    if analysis.provider is None or analysis.original is not None:
        return
    kept: dict[str, Any] = {name: getattr(analysis, name) for name in names}
    analysis.original = kept


async def _finish(session: AsyncSession, analysis: AnyAnalysis, user_id: UUID, *, approve: bool) -> None:
    analysis.analysis_type = AnalysisType.HYBRID if analysis.provider is not None else AnalysisType.MANUAL
    analysis.analyzed_by = user_id
    analysis.revision += 1
    if approve or analysis.status is AnalysisStatus.APPROVED:
        _release(analysis, user_id)
    else:
        analysis.status = AnalysisStatus.READY
        analysis.needs_review = analysis.released_at is None
    await _announce(session, analysis, user_id, "EDITED")


async def _approve(session: AsyncSession, analysis: AnyAnalysis, actor: Actor, revision: int) -> None:
    user_id = actor.require_user()
    if analysis.status is AnalysisStatus.APPROVED:
        return
    _same(analysis, revision)
    if analysis.status is not AnalysisStatus.READY:
        raise NotFound
    analysis.revision += 1
    _release(analysis, user_id)
    await _announce(session, analysis, user_id, "APPROVED")


async def _announce(session: AsyncSession, analysis: AnyAnalysis, user_id: UUID, act: str) -> None:
    await session.flush()
    await outbox.publish(
        session,
        AnalysisJudged(
            actor_user_id=user_id,
            course_id=analysis.course_id,
            submission_id=analysis.submission_id if isinstance(analysis, SubmissionAnalysis) else None,
            attempt_id=analysis.attempt_id if isinstance(analysis, QuizAnalysis) else None,
            analysis_id=analysis.id,
            act=act,
        ),
    )


def _release(analysis: AnyAnalysis, user_id: UUID) -> None:
    analysis.status = AnalysisStatus.APPROVED
    analysis.approved_at, analysis.approved_by = now(), user_id
    analysis.released_at = analysis.released_at or analysis.approved_at
    analysis.needs_review = False
