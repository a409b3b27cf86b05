"""One language: its path as a line of modules, and the way into it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.context import Context
from codezest.services.learning.actions.enroll import enroll
from codezest.services.learning.pages.join.entering import enter, entrance
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
from codezest.services.learning.queries.courses import ways_in
from codezest_db.enums import EnrollmentStatus
from codezest_db.models.learning import Enrollment

router = page_router()


@router.get("/languages/{slug}")
async def language(slug: str, context: Context) -> HTMLResponse:
    """The path with the reader's progress; strangers see it too."""
    pool = context.database.pool("learning")
    found = await catalog.language(pool, context.actor, slug)
    path = await catalog.language_modules(pool, context.actor, slug)
    learning = is_learning(path.enrollment)
    # Whoever learns is in already, and this is the page that they see most.
    ways = None if learning or not context.actor.signed_in else await ways_in(pool, context.actor, found.course_id)
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
        learning=learning,
        ways=ways,
        entrance=entrance(context, f"/languages/{slug}/enroll", ways, path.enrollment) if ways else None,
        pending=path.enrollment is not None and path.enrollment.status is EnrollmentStatus.PENDING,
        going_on=next_module(path),
        opens_at=next((module.opens_at for module in path.items if module.opens_at), None),
    )


@router.post("/languages/{slug}/enroll")
async def enroll_in(slug: str, context: Context, cohort_id: Annotated[str, Form()] = "") -> Response:
    """Enrol in the path; doing it twice changes nothing."""

    async def take(session: AsyncSession, chosen: UUID | None) -> tuple[Enrollment, bool]:
        return await enroll(session, context.actor, slug, cohort_id=chosen)

    return await enter(context, f"/languages/{slug}", cohort_id, take)
