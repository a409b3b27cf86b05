"""Two programs of an exercise beside each other: attempts, the draft, the one to start from, or what stands in the editor."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.line_diff import compare_programs
from codezest.services.learning.pages.exercise.form import program_of
from codezest.services.learning.pages.exercise.programs import DRAFT, STARTER, NamedProgram, chosen_program
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.outline import crumbs_to_item
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import items, work
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest.services.learning.schemas.work import SubmissionSummary

router = page_router()

OFFERED = 50
"""Attempts to choose from, the newest."""


@router.get("/assignments/{assignment_id}/compare")
async def compare(
    assignment_id: UUID, context: Context, old: str | None = None, new: str | None = None
) -> HTMLResponse:
    """The two programs that are named; unless they are, the latest attempt and what came of it."""
    async with guarded(context, "ASSIGNMENT", assignment_id):
        found, attempts = await _load(context, assignment_id)
        sent = [str(attempt.id) for attempt in attempts]
        newest = DRAFT if found.draft is not None else (sent.pop(0) if sent else STARTER)
        before = await chosen_program(context, found, old or (sent[0] if sent else STARTER))
        after = await chosen_program(context, found, new or newest)
    return _page(context, found, attempts, before, after)


@router.post("/assignments/{assignment_id}/compare")
async def compare_editor(assignment_id: UUID, context: Context, request: Request) -> HTMLResponse:
    """What stands in the editor beside the draft that is kept."""
    form = await request.form()
    async with guarded(context, "ASSIGNMENT", assignment_id):
        found, attempts = await _load(context, assignment_id)
        before = await chosen_program(context, found, DRAFT if found.draft is not None else STARTER)
        after = NamedProgram(key="", name=_("In the editor"), files=program_of(form))
    return _page(context, found, attempts, before, after)


async def _load(context: RequestContext, assignment_id: UUID) -> tuple[AssignmentDetail, list[SubmissionSummary]]:
    pool = context.database.pool("learning")
    found = await items.assignment(pool, context.actor, assignment_id)
    page = await work.my_submissions(pool, context.actor, assignment_id, cursor=None, limit=OFFERED)
    return found, page.items


def _page(
    context: RequestContext,
    found: AssignmentDetail,
    attempts: list[SubmissionSummary],
    before: NamedProgram,
    after: NamedProgram,
) -> HTMLResponse:
    entry = found.entry or "main"
    choices = [(DRAFT, _("Your draft"))] if found.draft is not None else []
    choices += [(str(attempt.id), _("Attempt %(number)s") % {"number": attempt.attempt_number}) for attempt in attempts]
    choices.append((STARTER, _("The program to start from")))
    for program in (before, after):
        if program.key and program.key not in dict(choices):
            choices.append((program.key, program.name))
    return context.page(
        "learning/pages/exercise/compare.html",
        exercise=found,
        crumbs=[
            *crumbs_to_item(found, found.title)[:-1],
            (found.title, f"/assignments/{found.id}"),
            (_("Compare"), None),
        ],
        old=before,
        new=after,
        choices=choices,
        files=compare_programs(before.files.by_path(entry), after.files.by_path(entry)),
    )
