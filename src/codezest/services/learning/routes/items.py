"""Materials and assignments: reading, viewing, completing."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.complete_material import complete_material
from codezest.services.learning.actions.keep_position import keep_position
from codezest.services.learning.actions.save_cell import save_cell
from codezest.services.learning.queries import items, progress
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.drafts import DraftChange, SavedDraft
from codezest.services.learning.schemas.items import AssignmentDetail, MaterialDetail
from codezest.services.learning.schemas.progress import MaterialPlace, MaterialProgress

router = APIRouter()


@router.get("/materials/{material_id}", response_model=MaterialDetail)
async def read_material(context: Context, material_id: UUID) -> Response:
    """A material: text, program, video."""
    return json_answer(await items.material_json(context.database.pool("learning"), context.actor, material_id))


@router.post("/materials/{material_id}/view", response_model=MaterialProgress)
async def view_material(context: Context, material_id: UUID) -> Response:
    """Count one view by the caller."""
    return json_answer(await progress.view_material_json(context.database.pool("learning"), context.actor, material_id))


@router.post("/materials/{material_id}/complete", response_model=MaterialProgress)
async def complete(context: Context, material_id: UUID) -> Response:
    """Mark as completed. Doing so again changes nothing."""
    async with context.database.write("learning") as session:
        await complete_material(session, context.actor, material_id)
    return json_answer(
        await progress.material_progress_json(context.database.pool("learning"), context.actor, material_id)
    )


@router.put("/materials/{material_id}/draft")
async def keep_cell(context: Context, material_id: UUID, change: DraftChange) -> SavedDraft:
    """Keep the program of the material's cell as it stands. 409 `draft-conflict`, with the draft that is kept, when another
    tab or device has saved another one since the revision named.
    """
    async with context.database.write("learning") as session:
        kept = await save_cell(
            session, context.actor, material_id, change.code, files=change.files, revision=change.revision
        )
        return SavedDraft(revision=kept.revision, saved_at=kept.saved_at)


@router.put("/materials/{material_id}/position", status_code=204)
async def keep_place(context: Context, material_id: UUID, place: MaterialPlace) -> None:
    """Keep how far the caller has read or watched, so that another device goes on from there."""
    await keep_position(
        context.database.pool("learning"),
        context.actor,
        material_id,
        reading=place.reading_position,
        seconds=place.video_seconds,
    )


@router.get("/assignments/{assignment_id}", response_model=AssignmentDetail)
async def read_assignment(context: Context, assignment_id: UUID) -> Response:
    """An assignment with its visible tests; hidden tests are named only."""
    return json_answer(await items.assignment_json(context.database.pool("learning"), context.actor, assignment_id))
