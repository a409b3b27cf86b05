"""A refusal that knows the way in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from codezest.kit.context import RequestContext
from codezest.services.learning.errors import ModuleLocked, ModuleNotYetOpen, NotEnrolled
from codezest.services.learning.queries.pages import language_of_item
from codezest.services.learning.schemas.catalog import ItemKind


@asynccontextmanager
async def guarded(context: RequestContext, kind: ItemKind, item_id: UUID) -> AsyncGenerator[None]:
    """Add to `not-enrolled`, `module-locked` and `module-not-yet-open` where the item's path is and how to enrol in it."""
    try:
        yield
    except (NotEnrolled, ModuleLocked, ModuleNotYetOpen) as error:
        slug = await language_of_item(context.database.pool("learning"), kind, item_id)
        if slug is not None:
            path = f"/languages/{slug}"
            error.members = {**error.members, "course_path": path, "enroll_path": f"{path}/enroll"}
        raise
