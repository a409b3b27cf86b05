"""What learners and graders say to one another about graded work: remarks on lines, and requests for another look."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.learning.actions.hand_grading.ask_regrade import ask_regrade, decline_request
from codezest.services.learning.actions.hand_grading.comment_lines import comment_lines, remove_comment
from codezest.services.learning.schemas.hand_grading import CommentMade, NewComment
from codezest.services.learning.schemas.regrade_requests import NewRequest, Refusal, RequestMade

router = APIRouter(tags=["grading"])


@router.post("/submissions/{submission_id}/comments", status_code=201)
async def comment(context: Context, submission_id: UUID, new: NewComment) -> CommentMade:
    """Remark on lines, as a grader; or answer a remark, as a grader or as the learner."""
    async with context.database.write("learning") as session:
        return CommentMade.model_validate(await comment_lines(session, context.actor, submission_id, new))


@router.delete("/comments/{comment_id}", status_code=204)
async def take_back(context: Context, comment_id: UUID) -> None:
    """Take one's own remark back, while nobody else has answered it."""
    async with context.database.write("learning") as session:
        await remove_comment(session, context.actor, comment_id)


@router.post("/submissions/{submission_id}/regrade-requests", status_code=201)
async def ask(context: Context, submission_id: UUID, new: NewRequest) -> RequestMade:
    """Ask for another look at a grade, once, within the time that the course gives."""
    async with context.database.write("learning") as session:
        return RequestMade.model_validate(await ask_regrade(session, context.actor, submission_id, new))


@router.post("/regrade-requests/{request_id}/decline")
async def decline(context: Context, request_id: UUID, refusal: Refusal) -> RequestMade:
    """Leave the grade as it is, and say why. Grading the work anew accepts the request."""
    async with context.database.write("learning") as session:
        return RequestMade.model_validate(await decline_request(session, context.actor, request_id, refusal.reply))
