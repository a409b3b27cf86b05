"""What lies on a learner's desk: the program as it was left in the editor, and the hints asked for."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.learning.actions.reveal_hint import reveal_hint
from codezest.services.learning.actions.save_draft import save_draft
from codezest.services.learning.queries import drafts
from codezest.services.learning.queries import hints as hint_queries
from codezest.services.learning.schemas.drafts import DraftAnswer, DraftChange, HintRequest, Hints, SavedDraft

router = APIRouter()


@router.get("/assignments/{assignment_id}/draft")
async def read_draft(context: Context, assignment_id: UUID) -> DraftAnswer:
    """The program as the caller's editor held it last."""
    return await drafts.assignment_draft(context.database.pool("learning"), context.actor, assignment_id)


@router.put("/assignments/{assignment_id}/draft")
async def keep_draft(context: Context, assignment_id: UUID, change: DraftChange) -> SavedDraft:
    """Keep the program as it stands. 409 `draft-conflict`, with the draft that is kept, when another tab or device has saved
    another one since the revision named.
    """
    async with context.database.write("learning") as session:
        kept = await save_draft(
            session, context.actor, assignment_id, change.code, files=change.files, revision=change.revision
        )
        return SavedDraft(revision=kept.revision, saved_at=kept.saved_at)


@router.get("/assignments/{assignment_id}/hints")
async def list_hints(context: Context, assignment_id: UUID) -> Hints:
    """The hints that the caller has asked for."""
    return await hint_queries.hints(context.database.pool("learning"), context.actor, assignment_id)


@router.post("/assignments/{assignment_id}/hints")
async def ask_for_hint(context: Context, assignment_id: UUID, request: HintRequest) -> Hints:
    """Ask for one more hint. 409 `hint-out-of-order` when one before it was not asked for."""
    async with context.database.write("learning") as session:
        return await reveal_hint(session, context.actor, assignment_id, request.position)
