"""Say how one introduces oneself to learners."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth.schemas.people import InstructorUpdate
from codezest_db.ids import uuid7
from codezest_db.models.auth import Instructor


async def write_introduction(session: AsyncSession, actor: Actor, changes: InstructorUpdate) -> None:
    """Store what courses and the public page say of the caller as one who teaches.

    Raises:
        Unauthenticated, Forbidden: the caller teaches nothing.
    """
    values = {"bio": changes.bio or None, "expertise": changes.expertise}
    await session.execute(
        insert(Instructor)
        .values(id=uuid7(), user_id=actor.require_author(), **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
