"""The desk of an assignment that is answered by a text or by files, and graded by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fastapi.responses import HTMLResponse

from codezest.kit.context import RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.keep_files import MOST_FILES
from codezest.services.learning.actions.uploads.accept import MEGABYTE, formats_text, most_bytes
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.item_kinds import ICONS, assignment_text
from codezest.services.learning.pages.outline import crumbs_to_item, difficulty_text, link_onward, link_to
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.teach.forms import NO_ERRORS
from codezest.services.learning.queries.hand_ins import files_laid_ready
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest.services.learning.schemas.work import SubmissionSummary
from codezest_db.enums import AssignmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SentWork:
    """What the form sent that was not taken, and why."""

    text: str
    problem: Mapping[str, Any] = field(default_factory=lambda: dict(NO_ERRORS))
    revision: int | None = None
    """Of the draft that the form continues from now on, where another tab has saved one."""


async def work_desk(
    context: RequestContext,
    found: AssignmentDetail,
    history: list[SubmissionSummary],
    sent: SentWork | None = None,
) -> HTMLResponse:
    """The page of an assignment that was loaded for the caller."""
    files = []
    if found.kind is AssignmentKind.FILE:
        files = await files_laid_ready(context.database.pool("learning"), context.actor, found.id)
    kept = found.draft.code if found.draft else ""
    problem = sent.problem if sent else NO_ERRORS
    return context.page(
        "learning/pages/work/template.html",
        **problem,
        exercise=found,
        crumbs=crumbs_to_item(found, found.title),
        facts=[
            (ICONS[found.kind], assignment_text(found.kind)),
            ("target", difficulty_text(found.difficulty)),
            ("star", _("%(points)s points") % {"points": found.max_score}),
        ],
        instructions=prose_or_none(found.instructions),
        takes_files=found.kind is AssignmentKind.FILE,
        files=files,
        room=len(files) < MOST_FILES,
        file_hint=_("%(formats)s At most %(most)s MB.")
        % {"formats": formats_text("HAND_IN"), "most": most_bytes("HAND_IN", context.settings) // MEGABYTE},
        text=shown_again(sent.text if sent else kept),
        revision=(sent.revision if sent else None) or (found.draft.revision if found.draft else 0),
        saved_at=found.draft.saved_at if found.draft else None,
        autosave=f"{context.actor.user_id}:work:{found.id}",
        once=uuid4().hex,
        history=history,
        neighbours=(link_to(found.previous), link_onward(found)),
        here=f"/assignments/{found.id}",
    )
