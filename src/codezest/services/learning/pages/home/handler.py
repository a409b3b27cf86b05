"""The start page: what the product does, shown by its own parts."""

from fastapi.responses import HTMLResponse, RedirectResponse

from codezest.kit.context import Context
from codezest.services.learning.pages.outline import minutes_text, path_steps, steps_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import catalog

router = page_router()


@router.get("/", response_model=None)
async def home(context: Context) -> HTMLResponse | RedirectResponse:
    """Strangers see what awaits them; whoever is signed in goes on learning."""
    if context.actor.signed_in:
        return context.redirect("/dashboard")
    pool = context.database.pool("learning")
    offered = (await catalog.languages(pool, context.actor)).items
    first = offered[0] if offered else None
    return context.page(
        "learning/pages/home/template.html",
        first=first,
        steps=path_steps(await catalog.language_modules(pool, context.actor, first.slug)) if first else [],
        others=offered[1:],
        minutes_text=minutes_text,
        steps_text=steps_text,
    )
