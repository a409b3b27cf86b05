"""A refusal that knows the way in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from codezest.kit.context import RequestContext
from codezest.services.learning.errors import ModuleLocked, ModuleNotYetOpen, NotEnrolled
from codezest.services.learning.pages.outline import course_page
from codezest.services.learning.queries.pages import course_of_item
from codezest.services.learning.schemas.catalog import ItemKind


@asynccontextmanager
async def guarded(context: RequestContext, kind: ItemKind, item_id: UUID) -> AsyncGenerator[None]:
    """Add to `not-enrolled`, `module-locked` and `module-not-yet-open` where the item's course is and, where that is open, how to enrol."""
    try:
        yield
    except (NotEnrolled, ModuleLocked, ModuleNotYetOpen) as error:
        course = await course_of_item(context.database.pool("learning"), kind, item_id)
        if course is not None:
            path = course_page(course.kind, course.slug, course.language_slug)
            error.members = {**error.members, "course_path": path}
            if course.open and context.resources.features.known.self_enrollment:
                error.members["enroll_path"] = f"{path}/enroll"
        raise
