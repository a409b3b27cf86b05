"""What is said of learners' work: read, asked for, edited, approved."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.analysis import edit_analysis as edits
from codezest.services.learning.actions.analysis.analyse_attempt import request_attempt_analysis
from codezest.services.learning.actions.analysis.queue_analysis import request_analysis
from codezest.services.learning.queries import analysis as analyses
from codezest.services.learning.queries.analyses_to_review import analyses_to_review
from codezest.services.learning.queries.mistakes import mistakes
from codezest.services.learning.schemas.analysis import (
    AnalysisPolicyChange,
    Approval,
    Helpful,
    MistakesOfAssignment,
    QuizAnalysisDetail,
    QuizAnalysisEdit,
    SubmissionAnalysisDetail,
    SubmissionAnalysisEdit,
    WaitingAnalyses,
)

router = APIRouter()
PAGE = 50


async def _of_submission(context: Context, submission_id: UUID) -> SubmissionAnalysisDetail:
    return await analyses.submission_analysis(context.database.pool("learning"), context.actor, submission_id)


async def _of_attempt(context: Context, attempt_id: UUID) -> QuizAnalysisDetail:
    return await analyses.attempt_analysis(context.database.pool("learning"), context.actor, attempt_id)


@router.get("/submissions/{submission_id}/analysis")
async def read_submission_analysis(context: Context, submission_id: UUID) -> SubmissionAnalysisDetail:
    """What is said of a program; until it is there, only how far it is."""
    return await _of_submission(context, submission_id)


@router.post("/submissions/{submission_id}/analysis", status_code=202)
async def ask(context: Context, submission_id: UUID) -> SubmissionAnalysisDetail:
    """Have a graded program analysed. What is there already stays, and is returned."""
    async with context.database.write("learning") as session:
        await request_analysis(session, context.actor, submission_id)
    return await _of_submission(context, submission_id)


@router.put("/submissions/{submission_id}/analysis")
async def edit(context: Context, submission_id: UUID, edit: SubmissionAnalysisEdit) -> SubmissionAnalysisDetail:
    """Write it, or change what was written, as one who grades; the original is kept beside it."""
    async with context.database.write("learning") as session:
        await edits.edit_submission_analysis(session, context.actor, submission_id, edit)
    return await _of_submission(context, submission_id)


@router.post("/submissions/{submission_id}/analysis/approve")
async def approve(context: Context, submission_id: UUID, approval: Approval) -> SubmissionAnalysisDetail:
    """Let the learner see it as it is."""
    async with context.database.write("learning") as session:
        await edits.approve_submission_analysis(session, context.actor, submission_id, approval.revision)
    return await _of_submission(context, submission_id)


@router.put("/submissions/{submission_id}/analysis/helpful", status_code=204)
async def say_helpful(context: Context, submission_id: UUID, said: Helpful) -> None:
    """Say as its learner whether it helped."""
    async with context.database.write("learning") as session:
        await edits.say_helpful(session, context.actor, submission_id, helpful=said.helpful)


@router.get("/attempts/{attempt_id}/analysis")
async def read_attempt_analysis(context: Context, attempt_id: UUID) -> QuizAnalysisDetail:
    """What is said of an attempt at a quiz, by topic and of its time."""
    return await _of_attempt(context, attempt_id)


@router.post("/attempts/{attempt_id}/analysis")
async def ask_about_attempt(context: Context, attempt_id: UUID) -> QuizAnalysisDetail:
    """Analyse a graded attempt now. What somebody has edited or approved stays."""
    async with context.database.write("learning") as session:
        await request_attempt_analysis(session, context.actor, attempt_id)
    return await _of_attempt(context, attempt_id)


@router.put("/attempts/{attempt_id}/analysis")
async def edit_attempt_analysis(context: Context, attempt_id: UUID, edit: QuizAnalysisEdit) -> QuizAnalysisDetail:
    """Change its words as one who grades; what was counted stays."""
    async with context.database.write("learning") as session:
        await edits.edit_quiz_analysis(session, context.actor, attempt_id, edit)
    return await _of_attempt(context, attempt_id)


@router.post("/attempts/{attempt_id}/analysis/approve")
async def approve_attempt_analysis(context: Context, attempt_id: UUID, approval: Approval) -> QuizAnalysisDetail:
    """Let the learner see it as it is."""
    async with context.database.write("learning") as session:
        await edits.approve_quiz_analysis(session, context.actor, attempt_id, approval.revision)
    return await _of_attempt(context, attempt_id)


@router.get("/teach/courses/{course_id}/analyses")
async def list_to_review(
    context: Context, course_id: UUID, cursor: Cursor = None, limit: PageSize = PAGE
) -> WaitingAnalyses:
    """Analyses that wait for somebody who teaches, the oldest first."""
    pool = context.database.pool("learning")
    return await analyses_to_review(pool, context.actor, course_id, cursor=cursor, limit=limit)


@router.put("/teach/courses/{course_id}/analysis-policy")
async def set_policy(context: Context, course_id: UUID, change: AnalysisPolicyChange) -> AnalysisPolicyChange:
    """Decide when learners get analyses: never, at once, or after approval. What they see already stays."""
    async with context.database.write("learning") as session:
        await edits.set_analysis_policy(session, context.actor, course_id, change.policy)
    return change


@router.get("/teach/assignments/{assignment_id}/mistakes")
async def list_mistakes(context: Context, assignment_id: UUID) -> MistakesOfAssignment:
    """How the newest failed submissions failed, the most frequent mistake first."""
    return await mistakes(context.database.pool("learning"), context.actor, assignment_id)
