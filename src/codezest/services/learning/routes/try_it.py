"""An assignment's own programs, tried by its authors on all of its tests."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.actions.teaching.try_assignment import (
    expect_outputs,
    request_trial,
    withdraw_trial,
)
from codezest.services.learning.queries.trials import latest_trial
from codezest.services.learning.routes.submission_events import EventStream
from codezest.services.learning.routes.trial_events import trial_events
from codezest.services.learning.schemas.trials import OutputsToExpect, TrialDetail

router = APIRouter(tags=["authoring"])

EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Server-sent events: `status` {status}, `test` {program, index, verdict, time_ms, memory_kb, done, total} as each "
            "test of the solution or the starter ends, `final` {status} when it is over, or withdrawn: then status is null."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.post("/assignments/{assignment_id}/trial", status_code=202)
async def begin_trial(context: Context, assignment_id: UUID) -> TrialDetail:
    """Run the solution and the starting program on all tests. What comes of it is read at the same address."""
    async with context.database.write("learning") as session:
        await request_trial(session, context.actor, assignment_id)
    found = await latest_trial(context.database.pool("learning"), context.actor, assignment_id)
    if found is None:  # deleted in the meantime
        raise NotFound
    return found


@router.get("/assignments/{assignment_id}/trial")
async def read_trial(context: Context, assignment_id: UUID) -> TrialDetail | None:
    """The caller's latest try; it is kept for a day. Null: there is none."""
    return await latest_trial(context.database.pool("learning"), context.actor, assignment_id)


@router.delete("/assignments/{assignment_id}/trial", status_code=204)
async def stop_trial(context: Context, assignment_id: UUID) -> None:
    """Stop the caller's try and forget what it has found out."""
    async with context.database.write("learning") as session:
        await withdraw_trial(session, context.actor, assignment_id)


@router.get("/assignments/{assignment_id}/trial/events", response_class=StreamingResponse, responses=EVENT_STREAM)
async def follow_trial(context: Context, assignment_id: UUID) -> StreamingResponse:
    """Follow the caller's try until it is over. A client that connects again reads what is kept first."""
    found = await latest_trial(context.database.pool("learning"), context.actor, assignment_id)
    if found is None:
        raise NotFound
    events = trial_events(context.resources, context.actor, assignment_id, found.id)
    return EventStream(context.resources, context.actor, events)


@router.post("/assignments/{assignment_id}/trial/expected", status_code=204)
async def take_outputs(context: Context, assignment_id: UUID, chosen: OutputsToExpect) -> None:
    """Have tests expect what the solution printed or returned."""
    async with context.database.write("learning") as session:
        await expect_outputs(session, context.actor, assignment_id, chosen.positions)
