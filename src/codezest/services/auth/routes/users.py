"""Accounts, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, Page, PageSize
from codezest.services.auth import queries
from codezest.services.auth.actions import manage_user as managing
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import ManagedUserOut, UserUpdate
from codezest_db.enums import Role

router = APIRouter(prefix="/users", tags=["users"])

Search = Annotated[str | None, Query(max_length=100, description="Part of the e-mail address or name.")]


@router.get("")
async def list_users(
    context: Context, search: Search = None, role: Role | None = None, cursor: Cursor = None, limit: PageSize = 20
) -> Page[ManagedUserOut]:
    """Accounts, the newest first. Administrators only."""
    pool = context.database.pool("auth")
    return await queries.users(pool, context.actor, search=search, role=role, cursor=cursor, limit=limit)


@router.patch("/{user_id}")
async def update_user(user_id: UUID, changes: UserUpdate, context: Context) -> ManagedUserOut:
    """Change another user's role, or suspend and reinstate them. Administrators only."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await managing.manage_user(session, context.actor, user_id, changes, origin)
    return await queries.managed_user(context.database.pool("auth"), user_id)
