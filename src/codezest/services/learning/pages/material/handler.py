"""One lesson: to watch, to read, or to run."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from codezest.kit.content_security import content_security_policy
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.complete_material import complete_material
from codezest.services.learning.actions.run_material import run_material
from codezest.services.learning.pages.files.links import with_pictures
from codezest.services.learning.pages.forms import program_in, shown_again
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.pages.item_kinds import ICONS, material_text
from codezest.services.learning.pages.material.files import lesson_files
from codezest.services.learning.pages.material.text import lesson_text, place_left
from codezest.services.learning.pages.outline import (
    contents,
    crumbs_to_item,
    item_path,
    link_onward,
    link_to,
    minutes_text,
)
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.submission.panel import answer_program
from codezest.services.learning.queries import catalog, items, progress
from codezest.services.learning.receipts import Signer
from codezest.services.learning.schemas.items import MaterialDetail

router = page_router()

READS_INPUT = ("input(", "stdin")
"""What a program's text holds when it reads; only whether the input field stands open depends on it."""


@router.get("/materials/{material_id}")
async def material(material_id: UUID, context: Context) -> HTMLResponse:
    """The lesson. Opening it counts as a view."""
    async with guarded(context, "MATERIAL", material_id):
        return await _page(context, material_id, counted=True)


@router.post("/materials/{material_id}/complete")
async def complete(material_id: UUID, context: Context) -> Response:
    """Mark it as completed; doing it twice changes nothing."""
    async with guarded(context, "MATERIAL", material_id), context.database.write("learning") as session:
        await complete_material(session, context.actor, material_id)
    if not context.partial:
        return context.redirect(f"/materials/{material_id}", flash=_("Completed. Your progress is kept."))
    async with context.database.reading("learning") as reader:
        found = await items.material(reader, context.actor, material_id)
        module = await catalog.module(reader, context.actor, found.module.id)
    return context.page(
        "learning/pages/material/completed.html",
        material=found,
        module=module,
        contents=contents(module),
        next_link=link_onward(found),
    )


@router.post("/materials/{material_id}/run")
async def run(
    material_id: UUID, context: Context, code: Annotated[str, Form()] = "", stdin: Annotated[str, Form()] = ""
) -> Response:
    """Run the program of the lesson's cell on the input given."""
    try:
        program = program_in(code, stdin)
        async with guarded(context, "MATERIAL", material_id), context.database.write("learning") as session:
            submission = await run_material(
                session,
                context.actor,
                material_id,
                program.code,
                signer=Signer.of(context.settings),
                stdin=program.stdin,
            )
    except AppError as error:
        if context.partial or error.status in {401, 403, 404, 410}:
            raise
        return await _page(
            context,
            material_id,
            status=error.status,
            code=shown_again(code),
            stdin=shown_again(stdin),
            problem=error.problem(),
        )
    return await answer_program(context, submission.id)


async def _page(
    context: RequestContext,
    material_id: UUID,
    *,
    status: int = 200,
    code: str | None = None,
    stdin: str | None = None,
    problem: Mapping[str, Any] | None = None,
    counted: bool = False,
) -> HTMLResponse:
    async with context.database.reading("learning") as reader:
        found = await items.material(reader, context.actor, material_id)
        if counted:
            await progress.count_view(reader, context.actor, found)
        module = await catalog.module(reader, context.actor, found.module.id)
    draft = f"{context.actor.user_id}:material:{found.id}"
    content = context.settings.content_dir
    text = await lesson_text(found.content, content) if found.content else None
    files = await lesson_files(context, found)
    facts = [(ICONS[found.type], material_text(found.type))]
    if found.duration_minutes:
        facts.append(("clock", minutes_text(found.duration_minutes)))
    elif text:
        facts.append(("clock", _("%(minutes)s min to read") % {"minutes": text.minutes}))
    page = context.page(
        "learning/pages/material/template.html",
        status=status,
        material=found,
        files=files,
        crumbs=crumbs_to_item(found, found.title),
        facts=facts,
        text=await with_pictures(context, found.course_id, text.html) if text else None,
        transcript=prose_or_none(found.transcript),
        sections=text.sections if text else [],
        left=place_left(text.sections, found.reading_position) if text and not found.completed else None,
        spare_data=context.actor.preferences.reduced_data,
        module=module,
        contents=contents(module),
        previous=link_to(found.previous),
        next_link=link_onward(found),
        code=(found.draft.code if found.draft else found.code or "") if code is None else code,
        kept=_draft_attributes(found, draft),
        starter=found.code or "",
        stdin=found.sample_input or "" if stdin is None else stdin,
        reads_input=bool(stdin or found.sample_input) or any(sign in (found.code or "") for sign in READS_INPUT),
        quiz_path=item_path("QUIZ", found.quiz_id) if found.quiz_id else None,
        draft=draft,
        problem=problem,
    )
    if files.document and files.document.shown:
        store = context.resources.files.origin
        page.headers["Content-Security-Policy"] = content_security_policy(store=store, frames=True)
    return page


def _draft_attributes(found: MaterialDetail, key: str) -> dict[str, str]:
    """Of the form that holds the cell: where scripts keep its program, and what is kept already."""
    attributes = {
        "data-draft": key,
        "data-draft-url": f"/api/v1/materials/{found.id}/draft",
        "data-undo": _("Undo"),
        "data-revision": str(found.draft.revision if found.draft else 0),
    }
    return attributes | ({"data-saved-at": found.draft.saved_at.isoformat()} if found.draft else {})
