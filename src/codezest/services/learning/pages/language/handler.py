"""One language: its path as a line of modules, and the way into it."""

from fastapi.responses import HTMLResponse, RedirectResponse

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enroll import enroll
from codezest.services.learning.pages.outline import (
    difficulty_text,
    is_learning,
    minutes_text,
    modules_text,
    next_module,
    path_steps,
    steps_text,
)
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries import catalog

router = page_router()


@router.get("/languages/{slug}")
async def language(slug: str, context: Context) -> HTMLResponse:
    """The path with the reader's progress; strangers see it too."""
    pool = context.database.pool("learning")
    found = await catalog.language(pool, context.actor, slug)
    path = await catalog.language_modules(pool, context.actor, slug)
    facts = [("book", modules_text(found.module_count)), ("list", steps_text(found.item_count))]
    if found.duration_minutes:
        facts.append(("clock", minutes_text(found.duration_minutes)))
    return context.page(
        "learning/pages/language/template.html",
        language=found,
        description=prose_or_none(found.long_description or found.description),
        difficulty=difficulty_text(found.difficulty),
        facts=facts,
        steps=path_steps(path),
        learning=is_learning(path.enrollment),
        going_on=next_module(path),
    )


@router.post("/languages/{slug}/enroll")
async def enroll_in(slug: str, context: Context) -> RedirectResponse:
    """Enrol in the path; doing it twice changes nothing."""
    async with context.database.write("learning") as session:
        await enroll(session, context.actor, slug)
    return context.redirect(f"/languages/{slug}", flash=_("You are enrolled. Your first module is open."))
