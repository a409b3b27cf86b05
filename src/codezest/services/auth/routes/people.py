"""Public pages of people."""

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.auth.queries import people
from codezest.services.auth.schemas.people import PersonOut

router = APIRouter(prefix="/people", tags=["people"])


@router.get("/{handle}")
async def read_person(handle: str, context: Context) -> PersonOut:
    """What a person shows of themselves. Who shows nothing, or not to the caller, is not found."""
    return await people.person(context.database.pool("auth"), context.actor, handle)
