"""Search everything."""

from typing import Annotated

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.services.learning.queries import search
from codezest.services.learning.schemas.search import SearchResults

router = APIRouter()


@router.get("/search")
async def search_everything(
    context: Context,
    q: Annotated[str, Query(max_length=search.LONGEST_QUERY, description="Words, or how they begin.")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> SearchResults:
    """Languages, courses, modules, lessons, exercises and quizzes that the caller may know of, the best first."""
    return await search.search(context.database.pool("learning"), context.actor, q, limit=limit)
