"""Give a learner the next hint of an assignment."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning.errors import HintOutOfOrder
from codezest.services.learning.queries.hints import hints
from codezest.services.learning.schemas.drafts import Hints
from codezest_db.models.learning import RevealedHint


async def reveal_hint(session: AsyncSession, actor: Actor, assignment_id: UUID, position: int) -> Hints:
    """Note that the caller asked for a hint, and give it with those before. Asking again changes nothing.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        NotFound: there is no such hint.
        HintOutOfOrder: one before it was not asked for.
    """
    user_id = actor.require_user()
    connection = await driver_connection(session)
    known = await hints(connection, actor, assignment_id)
    if position >= known.total:
        raise NotFound
    if position > len(known.items):
        raise HintOutOfOrder
    if position < len(known.items):
        return known
    row = insert(RevealedHint).values(user_id=user_id, assignment_id=assignment_id, position=position)
    await session.execute(row.on_conflict_do_nothing())
    return await hints(connection, actor, assignment_id)
