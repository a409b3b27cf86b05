"""An address within a module, or within a course, that nothing else there has."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.models.learning import Assignment, Material, Module, Quiz


async def free_item_slug(
    session: AsyncSession, model: type[Material] | type[Assignment] | type[Quiz], module_id: UUID, wanted: str
) -> str:
    """The address itself, or it with a number behind it."""
    rows = await session.scalars(select(model.slug).where(model.module_id == module_id, model.deleted_at.is_(None)))
    return numbered(wanted, set(rows.all()))


async def free_module_slug(session: AsyncSession, course_id: UUID, wanted: str) -> str:
    """The same for a module."""
    rows = await session.scalars(select(Module.slug).where(Module.course_id == course_id, Module.deleted_at.is_(None)))
    return numbered(wanted, set(rows.all()))


def numbered(wanted: str, taken: set[str]) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that is not taken."""
    if wanted not in taken:
        return wanted
    stem = wanted[:74].rstrip("-")
    return next(slug for slug in (f"{stem}-{number}" for number in range(2, len(taken) + 3)) if slug not in taken)
