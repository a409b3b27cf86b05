"""Everything that can be learned."""

from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.services.learning.pages.outline import difficulty_text, minutes_text, modules_text, steps_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import catalog

router = page_router()


@router.get("/languages")
async def languages(context: Context) -> HTMLResponse:
    """The languages on offer, with how far the reader is in each."""
    found = await catalog.languages(context.database.pool("learning"), context.actor)
    return context.page(
        "learning/pages/languages/template.html",
        languages=found.items,
        difficulty_text=difficulty_text,
        minutes_text=minutes_text,
        modules_text=modules_text,
        steps_text=steps_text,
    )
