"""Erase what somebody typed whose account is gone. What remains are numbers under an id that names nobody."""

from uuid import UUID

from sqlalchemy import case, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.jobs import enqueue
from codezest.services.learning.actions.uploads.remove_upload import DELETE_FILES
from codezest_db.enums import SubmissionPurpose, SubmissionStatus
from codezest_db.models.learning import (
    CourseReview,
    Draft,
    EnrollmentCode,
    EnrollmentInvitation,
    GradeEntry,
    HandInFile,
    LineComment,
    ModelCall,
    QuestionRun,
    QuizAnalysis,
    QuizAnswer,
    QuizAttempt,
    RegradeRequest,
    ReviewReport,
    Submission,
    SubmissionAnalysis,
    SubmissionFailure,
    SubmissionTestResult,
)

UNFINISHED = (SubmissionStatus.PENDING, SubmissionStatus.RUNNING)
BATCH = 500


async def is_work_unfinished(session: AsyncSession, user_id: UUID) -> bool:
    """Whether a program of the learner still waits for its verdict."""
    waiting = select(Submission.id).where(Submission.user_id == user_id, Submission.status.in_(UNFINISHED)).limit(1)
    running = select(QuestionRun.id).where(QuestionRun.user_id == user_id, QuestionRun.finished_at.is_(None)).limit(1)
    return await session.scalar(waiting) is not None or await session.scalar(running) is not None


async def forget_learner(session: AsyncSession, user_id: UUID) -> int:
    """Erase a batch of the learner's work; returns how many submissions were in it: none means that all is done.

    Verdicts, scores, progress and receipts stay, because statistics and the history of grading rest on them. Programs that
    were only tried out go whole. One that waits for its verdict keeps its text until it has one.
    """
    mine = Submission.user_id == user_id
    settled = Submission.status.not_in(UNFINISHED)
    await session.execute(delete(Submission).where(mine, settled, Submission.purpose != SubmissionPurpose.SUBMIT))
    await session.execute(
        delete(QuestionRun).where(QuestionRun.user_id == user_id, QuestionRun.finished_at.is_not(None))
    )
    await session.execute(delete(Draft).where(Draft.user_id == user_id))
    await session.execute(update(CourseReview).where(CourseReview.user_id == user_id).values(text=None))
    replied = CourseReview.replied_by == user_id
    await session.execute(update(CourseReview).where(replied).values(reply=None, replied_at=None, replied_by=None))
    await session.execute(delete(ReviewReport).where(ReviewReport.user_id == user_id))
    await session.execute(delete(EnrollmentInvitation).where(EnrollmentInvitation.user_id == user_id))
    await session.execute(update(EnrollmentCode).where(EnrollmentCode.created_by == user_id).values(note=None))
    attempts = select(QuizAttempt.id).where(QuizAttempt.user_id == user_id)
    running = select(QuestionRun.answer_id).where(
        QuestionRun.answer_id == QuizAnswer.id, QuestionRun.finished_at.is_(None)
    )
    await session.execute(
        update(QuizAnswer)
        .where(QuizAnswer.attempt_id.in_(attempts), ~running.exists())
        .values(text_answer=None, entries={})
    )
    await session.execute(update(QuizAttempt).where(QuizAttempt.user_id == user_id).values(saved={}))
    await session.execute(delete(QuizAnalysis).where(QuizAnalysis.attempt_id.in_(attempts)))
    await session.execute(delete(SubmissionFailure).where(SubmissionFailure.user_id == user_id))
    await session.execute(update(ModelCall).where(ModelCall.user_id == user_id).values(user_id=None))
    await session.execute(update(GradeEntry).where(GradeEntry.user_id == user_id).values(reason=None))
    await _forget_files(session, user_id)
    await session.execute(update(RegradeRequest).where(RegradeRequest.user_id == user_id).values(reason="", reply=None))
    typed = (Submission.code != "") | (Submission.text_answer != "") | Submission.file_key.is_not(None)
    ids = (await session.scalars(select(Submission.id).where(mine, settled, typed).limit(BATCH))).all()
    if not ids:
        await session.execute(text("SELECT learning.forget_in_history(:id)"), {"id": user_id})
        return 0
    await session.execute(
        update(SubmissionTestResult)
        .where(SubmissionTestResult.submission_id.in_(ids))
        .values(stdout=None, stderr=None, message=None)
    )
    await session.execute(delete(SubmissionAnalysis).where(SubmissionAnalysis.submission_id.in_(ids)))
    await session.execute(delete(LineComment).where(LineComment.submission_id.in_(ids)))
    await session.execute(
        update(Submission)
        .where(Submission.id.in_(ids))
        .values(
            # A row has an answer, even if nothing is left of it; only a program has a language.
            code=case((Submission.code.is_not(None), "")),
            text_answer=case((Submission.code.is_(None), "")),
            files={},
            stdin=None,
            file_key=None,
            feedback=None,
            compile_output=None,
            idempotency_key=None,
        )
    )
    return len(ids)


async def _forget_files(session: AsyncSession, user_id: UUID) -> None:
    keys = (
        await session.scalars(delete(HandInFile).where(HandInFile.user_id == user_id).returning(HandInFile.file_key))
    ).all()
    if keys:
        await enqueue(session, DELETE_FILES, {"keys": list(keys)})
