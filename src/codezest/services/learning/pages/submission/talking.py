"""What a learner says about a grade: answers to remarks, and the request for another look."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.ask_regrade import ask_regrade
from codezest.services.learning.actions.hand_grading.comment_lines import comment_lines, remove_comment
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.submission.handler import submission_page
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, read, refusal, sent
from codezest.services.learning.schemas.hand_grading import NewComment
from codezest.services.learning.schemas.regrade_requests import NewRequest

router = page_router()
STRANGE = frozenset({401, 403, 404})


@router.post("/submissions/{submission_id}/regrade-request")
async def ask(submission_id: UUID, context: Context, request: Request) -> Response:
    """Ask for another look at the grade."""
    form = await sent(request)
    try:
        new = read(NewRequest, {"grading_id": form.text("grading_id"), "reason": form.text("reason")})
        async with context.database.write("learning") as session:
            await ask_regrade(session, context.actor, submission_id, new)
    except (FormRefused, AppError) as error:
        return await _again(context, submission_id, form, error)
    said = _("Your request is sent. The answer will stand here.")
    return context.redirect(f"/submissions/{submission_id}#grade", flash=said)


@router.post("/submissions/{submission_id}/remarks")
async def answer(submission_id: UUID, context: Context, request: Request) -> Response:
    """Answer a remark."""
    form = await sent(request)
    parent = form.text("parent_id")
    try:
        new = read(NewComment, {"parent_id": parent, "text": form.text("text")})
        async with context.database.write("learning") as session:
            await comment_lines(session, context.actor, submission_id, new)
    except (FormRefused, AppError) as error:
        return await _again(context, submission_id, form, error)
    return context.redirect(f"/submissions/{submission_id}#grade", flash=_("Your answer is sent."))


@router.post("/submissions/{submission_id}/remarks/remove")
async def take_back(submission_id: UUID, context: Context, remark: Annotated[UUID, Form()]) -> Response:
    """Take one's own answer back."""
    async with context.database.write("learning") as session:
        await remove_comment(session, context.actor, remark)
    return context.redirect(f"/submissions/{submission_id}#grade", flash=_("Your answer is taken back."))


async def _again(context: RequestContext, submission_id: UUID, form: Sent, error: FormRefused | AppError) -> Response:
    if isinstance(error, AppError) and error.status in STRANGE:
        raise error
    talk = {**refusal(error), "typed": form.shown(("reason", "text", "parent_id"))}
    return await submission_page(context, submission_id, talk)
