"""Two tabs, or two people, at the same thing."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.queries.revisions import revision_in
from codezest_db.models.learning import Assignment, Course, Material, Module, Question, Quiz


async def check_revision(
    session: AsyncSession,
    model: type[Course] | type[Module] | type[Material] | type[Assignment] | type[Quiz] | type[Question],
    row_id: UUID,
    seen: str | None,
) -> None:
    """Refuse a change by somebody who has not seen the newest state. Call it with the row locked.

    Args:
        session: the transaction.
        model: whose row it is.
        row_id: which.
        seen: the revision that the form was made of; None asks for nothing.

    Raises:
        ContentChangedElsewhere: names the newest revision.
    """
    if seen is None:
        return
    table = model.__tablename__
    newest = await session.scalar(
        text(f"SELECT {revision_in(table, 'x')} FROM learning.{table} x WHERE x.id = :id"), {"id": row_id}
    )
    if newest != seen:
        raise ContentChangedElsewhere(str(newest))
