"""Grading an assignment's submissions anew: ask, look, then apply or cancel as one set."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.regrade.begin_regrade import request_regrade
from codezest.services.learning.actions.regrade.close_regrade import access_regrade, apply_regrade, cancel_regrade
from codezest.services.learning.queries import regrades
from codezest.services.learning.regrading import name_ahead
from codezest.services.learning.schemas.regrades import NewRegrade, RegradeDetail
from codezest.services.learning.schemas.work import FormerGradings

router = APIRouter()
authoring = APIRouter(tags=["authoring"])

PAGE = 20


async def _regrade(context: Context, regrade_id: UUID) -> RegradeDetail:
    pool = context.database.pool("learning")
    return await regrades.regrade(pool, context.actor, regrade_id, changed=None, cursor=None, limit=PAGE)


@authoring.post("/assignments/{assignment_id}/regrades", status_code=202)
async def start_regrade(context: Context, assignment_id: UUID, new: NewRegrade) -> RegradeDetail:
    """Have all submissions graded by what the tests are now; nothing changes until that is applied. One that is under way
    for the same tests is returned instead.
    """
    context.actor.require_author()
    await name_ahead(context.database, assignment_id)
    async with context.database.write("learning") as session:
        regrade_id = await request_regrade(session, context.actor, assignment_id, new.reason)
    return await _regrade(context, regrade_id)


@authoring.get("/regrades/{regrade_id}")
async def read_regrade(
    context: Context,
    regrade_id: UUID,
    changed: Annotated[
        bool | None, Query(description="Only submissions whose result changes, or only the others.")
    ] = None,
    cursor: Cursor = None,
    limit: PageSize = PAGE,
) -> RegradeDetail:
    """How far it is, and what it would change, or has changed."""
    return await regrades.regrade(
        context.database.pool("learning"), context.actor, regrade_id, changed=changed, cursor=cursor, limit=limit
    )


@authoring.post("/regrades/{regrade_id}/apply")
async def apply(context: Context, regrade_id: UUID) -> RegradeDetail:
    """Give every submission its new result, all at once. A second time nothing happens."""
    found = await _regrade(context, regrade_id)
    await name_ahead(context.database, found.assignment_id)
    async with context.database.write("learning") as session:
        regrade = await access_regrade(session, context.actor, regrade_id)
        await apply_regrade(session, regrade, applied_by=context.actor.user_id)
    return await _regrade(context, regrade_id)


@authoring.post("/regrades/{regrade_id}/cancel")
async def cancel(context: Context, regrade_id: UUID) -> RegradeDetail:
    """Forget it; nothing changes for anybody."""
    async with context.database.write("learning") as session:
        regrade = await access_regrade(session, context.actor, regrade_id)
        await cancel_regrade(session, regrade, cancelled_by=context.actor.user_id)
    return await _regrade(context, regrade_id)


@router.get("/submissions/{submission_id}/former-gradings")
async def list_former_gradings(context: Context, submission_id: UUID) -> FormerGradings:
    """What its result was before each regrade, the newest first, test by test."""
    return await regrades.former_gradings(context.database.pool("learning"), context.actor, submission_id)
