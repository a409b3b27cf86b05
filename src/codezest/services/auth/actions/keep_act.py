"""Keep an act that another service has announced."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.auth.rules.audited import Audited
from codezest_db.models.auth import AuditEntry


async def keep_act(session: AsyncSession, audited: Audited, payload: Mapping[str, Any]) -> None:
    """Add the entry; the event's id is its own, so that an event which comes again adds nothing.

    An event that names no actor is one of the program's own doings, and is kept as such.
    """
    actor, subject = payload[audited.actor], payload[audited.subject]
    await session.execute(
        insert(AuditEntry)
        .values(
            id=UUID(payload["event_id"]),
            actor_user_id=UUID(actor) if actor else None,
            action=audited.action_of(payload),
            subject_type=audited.subject_type,
            subject_id=UUID(subject) if subject else None,
            details=audited.details_of(payload),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
