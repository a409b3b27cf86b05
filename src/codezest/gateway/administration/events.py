"""Events that failed too often: tried again, or discarded, by an administrator."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.ops import GivenUpEventSettled
from codezest.kit.actor import Actor
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import NotFound
from codezest.kit.outbox import publish
from codezest.kit.pagination import Cursor, Page, PageSize, decode_cursor, encode_cursor
from codezest_db.models.ops import Outbox

routes = APIRouter()

_GIVEN_UP = """
SELECT id, topic, payload, attempts, last_error, created_at, given_up_at FROM ops.outbox
WHERE given_up_at IS NOT NULL AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
"""


class EventNotFound(NotFound):
    code = "event-not-found"
    title = "No such event"
    default_detail = "No event of this id was given up; somebody may have settled it already."


class GivenUpEvent(BaseModel):
    """An event that one of its subscribers could not take, however often it was tried."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    topic: str
    payload: dict[str, Any]
    attempts: int
    last_error: str | None
    created_at: datetime
    given_up_at: datetime


async def given_up_events(context: RequestContext, *, cursor: str | None, limit: int) -> Page[GivenUpEvent]:
    """One page of them, the newest first.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    context.actor.require_admin()
    rows = await context.database.pool("ops").fetch(_GIVEN_UP, decode_cursor(cursor), limit + 1)
    items = [GivenUpEvent.model_validate(dict(row)) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > limit else None)


async def retry_event(session: AsyncSession, actor: Actor, event_id: UUID) -> None:
    """Have an event relayed again at once, with as many attempts as a new one. `session` is one of the service ops.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        EventNotFound: it was not given up.
    """
    event = await _locked(session, actor, event_id)
    event.given_up_at = None
    event.attempts = 0
    event.due_at = func.now()
    await session.flush()
    settled = GivenUpEventSettled(
        actor_user_id=actor.require_user(), outbox_id=event.id, about=event.topic, act="RETRIED"
    )
    await publish(session, settled)


async def discard_event(session: AsyncSession, actor: Actor, event_id: UUID) -> None:
    """Take an event out of the way for good; subscribers that have taken it already did so.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        EventNotFound: it was not given up.
    """
    event = await _locked(session, actor, event_id)
    settled = GivenUpEventSettled(
        actor_user_id=actor.require_user(), outbox_id=event.id, about=event.topic, act="DISCARDED"
    )
    await session.delete(event)
    await session.flush()
    await publish(session, settled)


async def _locked(session: AsyncSession, actor: Actor, event_id: UUID) -> Outbox:
    actor.require_admin()
    event = await session.scalar(
        select(Outbox).where(Outbox.id == event_id, Outbox.given_up_at.is_not(None)).with_for_update()
    )
    if event is None:
        raise EventNotFound
    return event


@routes.get("/events")
async def list_events(context: Context, cursor: Cursor = None, limit: PageSize = 20) -> Page[GivenUpEvent]:
    """Events that failed too often, the newest first. Administrators only."""
    return await given_up_events(context, cursor=cursor, limit=limit)


@routes.post("/events/{event_id}/retry", status_code=204)
async def retry(event_id: UUID, context: Context) -> None:
    """Have an event relayed again. Administrators only."""
    async with context.database.write("ops") as session:
        await retry_event(session, context.actor, event_id)


@routes.delete("/events/{event_id}", status_code=204)
async def discard(event_id: UUID, context: Context) -> None:
    """Discard an event. Administrators only."""
    async with context.database.write("ops") as session:
        await discard_event(session, context.actor, event_id)
