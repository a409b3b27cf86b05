"""Materials and assignments: reading, viewing, completing."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.complete_material import complete_material
from codezest.services.learning.queries import items, progress
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.items import AssignmentDetail, MaterialDetail
from codezest.services.learning.schemas.progress import MaterialProgress

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


@router.get("/assignments/{assignment_id}", response_model=AssignmentDetail)
async def read_assignment(context: Context, assignment_id: UUID) -> Response:
    """An assignment with its visible tests; hidden tests are named only."""
    return json_answer(await items.assignment_json(context.database.pool("learning"), context.actor, assignment_id))
