"""Continue where one left: one address for it, for bookmarks, the palette and the installed app."""

from fastapi.responses import RedirectResponse

from codezest.kit.context import Context
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.going_on import last_module

router = page_router()


@router.get("/continue")
async def go_on(context: Context) -> RedirectResponse:
    """To the next step of the module worked in last; to the dashboard where nothing was begun."""
    module = await last_module(context.database.pool("learning"), context.actor)
    return context.redirect("/dashboard" if module is None else f"/modules/{module}/continue")
