"""What learners ask of the feedback on their work; it is shown on the pages of that work."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.analyse_attempt import request_attempt_analysis
from codezest.services.learning.actions.analysis.edit_analysis import say_helpful
from codezest.services.learning.actions.analysis.queue_analysis import request_analysis
from codezest.services.learning.pages.routing import page_router

router = page_router()


@router.post("/submissions/{submission_id}/feedback")
async def ask(submission_id: UUID, context: Context) -> Response:
    """Have the program looked at."""
    async with context.database.write("learning") as session:
        await request_analysis(session, context.actor, submission_id)
    return context.redirect(f"/submissions/{submission_id}#feedback", flash=_("Your feedback is on its way."))


@router.post("/submissions/{submission_id}/helpful")
async def rate(submission_id: UUID, context: Context, helpful: Annotated[bool, Form()]) -> Response:
    """Keep whether it helped."""
    async with context.database.write("learning") as session:
        await say_helpful(session, context.actor, submission_id, helpful=helpful)
    return context.redirect(f"/submissions/{submission_id}#feedback", flash=_("Thank you. That is kept."))


@router.post("/attempts/{attempt_id}/feedback")
async def ask_about_attempt(attempt_id: UUID, context: Context) -> Response:
    """Have the attempt looked at; that takes no time."""
    async with context.database.write("learning") as session:
        await request_attempt_analysis(session, context.actor, attempt_id)
    return context.redirect(f"/attempts/{attempt_id}/result#feedback")
