"""Set many marks at once, as a table that was read in asks for it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import GradeEntrySet
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.services.learning.actions.gradebook.find_column import find_column
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.schemas.gradebook import NewEntry
from codezest_db.enums import GradeEntryKind
from codezest_db.ids import uuid7
from codezest_db.models.learning import GradeEntry

AT_ONCE = 500


async def set_entries(session: AsyncSession, actor: Actor, course_id: UUID, wanted: Sequence[NewEntry]) -> None:
    """Add an entry for each, as one set. That the caller may, and that each fits its column, is checked before.

    Raises:
        ValidationFailed: a column is none of the gradebook any more.
        ContentChangedElsewhere: there is a newer entry than the one that was looked at.
    """
    own_ids = {
        item_id: (await find_column(session, course_id, item_id)).id for item_id in {one.column_id for one in wanted}
    }
    batch_id, set_by = uuid7(), actor.require_user()
    ids = [uuid7() for _one in wanted]
    rows = [
        {
            "id": entry_id,
            "column_id": own_ids[one.column_id],
            "user_id": one.user_id,
            "revision": one.seen + 1,
            "kind": GradeEntryKind(one.action),
            "points": one.points,
            "reason": one.reason or None,
            "set_by": set_by,
            "batch_id": batch_id,
        }
        for one, entry_id in zip(wanted, ids, strict=True)
    ]
    try:
        for start in range(0, len(rows), AT_ONCE):
            await session.execute(insert(GradeEntry), rows[start : start + AT_ONCE])
    except IntegrityError as error:
        # The unique revision: somebody was faster with one of them.
        raise ContentChangedElsewhere("") from error
    events = [
        GradeEntrySet(
            actor_user_id=set_by,
            course_id=course_id,
            user_id=one.user_id,
            column_id=one.column_id,
            entry_id=entry_id,
            kind=one.action,
            points=None if one.points is None else str(one.points),
        )
        for one, entry_id in zip(wanted, ids, strict=True)
    ]
    await outbox.publish(session, *events)
