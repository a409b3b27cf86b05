"""One submission: its verdict, its tests, the program as it was sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from codezest.kit import markdown
from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.analysis.panel import feedback_of, with_anchors
from codezest.services.learning.pages.outline import Crumb, crumbs_to_item
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.submission.by_hand import graded_by_hand
from codezest.services.learning.pages.submission.panel import (
    UNFINISHED,
    exercise_of,
    onward,
    panel,
    panel_response,
)
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.queries import receipts, work
from codezest.services.learning.schemas.work import SubmissionDetail
from codezest_db.enums import SubmissionPurpose

router = page_router()


@router.get("/submissions/{submission_id}")
async def submission(submission_id: UUID, context: Context) -> HTMLResponse:
    """The whole of it on a page of its own."""
    return await submission_page(context, submission_id)


async def submission_page(
    context: RequestContext, submission_id: UUID, talk: Mapping[str, Any] | None = None
) -> HTMLResponse:
    """The page. `talk` is what a form about its grade sent that was not taken.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    async with context.database.reading("learning") as reader:
        found = await work.submission(reader, context.actor, submission_id)
        exercise = await exercise_of(reader, context.actor, found)
        graded = await graded_by_hand(reader, context.actor, found, talk)
        files = {entry_of(found.language): found.code or "", **dict(sorted(found.files.items()))}
        is_program = found.code is not None and found.assignment_id is not None
        feedback = await feedback_of(reader, context, submission_id, files) if is_program else {}
    crumbs: list[Crumb] = [(found.title, _source(found)), (_heading(found), None)]
    if exercise is not None:
        crumbs = [*crumbs_to_item(exercise, found.title)[:-1], *crumbs]
    if found.code is None:
        return context.page(
            "learning/pages/submission/written.html",
            graded,
            submission=found,
            owned=context.actor.user_id == found.user_id,
            heading=_heading(found),
            source=_source(found),
            crumbs=crumbs,
        )
    shown = feedback["feedback"].evidence if feedback.get("feedback") else []
    told = [{one.line for one in shown if one.file == path} for path in files]
    return context.page(
        "learning/pages/submission/template.html",
        feedback | graded,
        submission=found,
        panel=panel(found, exercise),
        next_link=onward(found, exercise),
        unfinished=found.status in UNFINISHED,
        owned=context.actor.user_id == found.user_id or context.actor.is_admin,
        heading=_heading(found),
        source=_source(found),
        crumbs=crumbs,
        code=with_anchors(_highlighted(found.code or "", found), 0, told[0]),
        other_files=[
            (path, with_anchors(_highlighted(text, found), place, told[place]))
            for place, (path, text) in enumerate(files.items())
            if place
        ],
    )


@router.get("/submissions/{submission_id}/panel")
async def submission_panel(submission_id: UUID, context: Context) -> Response:
    """The results panel as it stands now."""
    return await panel_response(context, submission_id)


@router.get("/submissions/{submission_id}/receipt")
async def submission_receipt(submission_id: UUID, context: Context) -> Response:
    """The receipt as a file to keep."""
    found = await receipts.receipt(context.database.pool("learning"), context.actor, submission_id)
    return Response(
        receipts.receipt_file(found),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="receipt-{found.sequence}.json"'},
    )


def _highlighted(text: str, found: SubmissionDetail) -> Markup:
    return Markup(markdown.highlight(text, found.language or "text"))  # noqa: S704 - escaped by Pygments


def _source(found: SubmissionDetail) -> str:
    if found.assignment_id is not None:
        return f"/assignments/{found.assignment_id}"
    return f"/materials/{found.material_id}"


def _heading(found: SubmissionDetail) -> str:
    if found.purpose is SubmissionPurpose.SUBMIT:
        return _("Attempt %(number)s") % {"number": found.attempt_number}
    return _("Run")
