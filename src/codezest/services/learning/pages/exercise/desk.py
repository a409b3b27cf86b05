"""What the desk of one exercise shows: which program stands in the editor, and what is said about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse

from codezest.kit.clock import now
from codezest.kit.context import RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.pages.calls import call_text
from codezest.services.learning.pages.exercise.programs import ProgramFiles, chosen_program, starter_of
from codezest.services.learning.pages.forms import FILE, shown_again
from codezest.services.learning.pages.outline import crumbs_to_item, difficulty_text, link_onward, link_to
from codezest.services.learning.pages.prose import each_as_prose, prose_or_none
from codezest.services.learning.pages.submission.panel import onward, panel
from codezest.services.learning.pages.work.desk import work_desk
from codezest.services.learning.program_files import MAX_FILES
from codezest.services.learning.queries import items, work
from codezest.services.learning.schemas.drafts import DraftDetail
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest_db.enums import AssignmentKind, GradingMode

HISTORY = 10
VIEWS = ("task", "code", "results")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a form sent that was not taken, to be shown again."""

    program: ProgramFiles
    stdin: str = ""
    problem: Mapping[str, Any] | None = None
    conflict: DraftDetail | None = None
    """The draft that another tab or device has saved meanwhile."""
    status: int = field(default=422)


async def desk(
    context: RequestContext,
    assignment_id: UUID,
    *,
    sent: Sent | None = None,
    wanted: str | None = None,
    view: str | None = None,
) -> HTMLResponse:
    """The page.

    Args:
        context: the request.
        assignment_id: the exercise.
        sent: what a form sent that was not taken.
        wanted: a program to look at in place of the draft: `starter`, or the id of a submission.
        view: the pane that a phone shows first; unless given, the one that something is to be seen in.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    async with context.database.reading("learning") as reader:
        found = await items.assignment(reader, context.actor, assignment_id)
        history = await work.my_newest(reader, context.actor, assignment_id, limit=HISTORY)
        latest = await work.submission(reader, context.actor, found.latest.id) if found.latest else None
    if found.kind is not AssignmentKind.CODE:
        return await work_desk(context, found, history)
    kept = kept_program(found)
    restored = await chosen_program(context, found, wanted) if wanted else None
    shown = sent.program if sent else restored.files if restored else kept
    problem = sent.problem if sent else None
    return context.page(
        "learning/pages/exercise/template.html",
        status=sent.status if sent else 200,
        exercise=found,
        crumbs=crumbs_to_item(found, found.title),
        facts=_facts(found),
        instructions=prose_or_none(found.instructions),
        hints=each_as_prose(found.hints),
        examples=[(test, call_text(found.function_name, test.arguments)) for test in found.tests if test.visible],
        hidden=[test for test in found.tests if not test.visible],
        runnable=found.kind is AssignmentKind.CODE and found.runtime is not None,
        reads_input=found.mode is GradingMode.STDIO,
        past_due=rules.is_past(found.due_at, now()),
        files=_files(found, shown),
        room_for_files=found.several_files and len(shown.others) + 1 < MAX_FILES,
        draft={
            "key": f"{context.actor.user_id}:assignment:{found.id}",
            "revision": _revision(found, sent),
            "saved_at": found.draft.saved_at if found.draft else None,
        },
        saved=None if shown == kept else {"code": kept.entry, "files": kept.others},
        restored=restored,
        conflict=sent.conflict if sent else None,
        aside=_set_aside(found, kept) if sent is None and restored is None else None,
        stdin=sent.stdin if sent else "",
        editor=json.dumps(context.actor.preferences.model_dump(mode="json")),
        latest=panel(latest, found) if latest else None,
        next_link=onward(latest, found) if latest else None,
        neighbours=(link_to(found.previous), link_onward(found)),
        history=history,
        view=view if view in VIEWS else "results" if problem else "code" if sent or restored else "task",
        problem=problem,
    )


def kept_program(found: AssignmentDetail) -> ProgramFiles:
    """What the editor held last: the draft, or else the newest program, or else the one to start from."""
    if found.draft is not None:
        return ProgramFiles(found.draft.code, found.draft.files)
    if found.latest_code is not None:
        return ProgramFiles(found.latest_code, found.latest_files or {})
    return starter_of(found)


def _set_aside(found: AssignmentDetail, kept: ProgramFiles) -> str | None:
    """The newest program where it came after the draft and is another one: sent by another device, or by the API."""
    if found.draft is None or found.latest_at is None or found.latest_at <= found.draft.saved_at:
        return None
    return str(found.latest_id) if ProgramFiles(found.latest_code or "", found.latest_files or {}) != kept else None


def _revision(found: AssignmentDetail, sent: Sent | None) -> int:
    if sent is not None and sent.conflict is not None:
        return sent.conflict.revision
    return found.draft.revision if found.draft else 0


def _files(found: AssignmentDetail, program: ProgramFiles) -> list[dict[str, str | None]]:
    """The files as their fields show them, the one that the program begins with first."""
    files = [_file(found.entry or "", "code", program.entry, found.starter_code or "")]
    if found.several_files:
        files += [
            _file(path, FILE + path, text, found.starter_files.get(path))
            for path, text in sorted(program.others.items())
        ]
    return files


def _file(path: str, name: str, text: str, starter: str | None) -> dict[str, str | None]:
    return {"path": path, "name": name, "text": shown_again(text), "starter": starter}


def _facts(found: AssignmentDetail) -> list[tuple[str, str]]:
    return [
        ("target", difficulty_text(found.difficulty)),
        ("star", _("%(points)s points") % {"points": found.max_score}),
        ("clock", _("%(seconds)s s per test") % {"seconds": f"{found.limits.cpu_seconds:g}"}),
        ("memory", _("%(size)s MB") % {"size": found.limits.memory_bytes >> 20}),
    ]
