"""Accounts, for administrators. What gives or takes rights needs a recent proof of who asks: `POST /me/proof`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context, RequestContext
from codezest.kit.pagination import Cursor, Page, PageSize
from codezest.kit.schemas import Moment
from codezest.services.auth.actions import manage_user as managing
from codezest.services.auth.actions.administration import delete_user as deleting
from codezest.services.auth.actions.administration import end_sessions as ending
from codezest.services.auth.actions.administration import invite_user as inviting
from codezest.services.auth.actions.administration import open_account as opening
from codezest.services.auth.actions.two_step.lift_second_step import lift_second_step_of
from codezest.services.auth.queries import users as queries
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import ManagedUserOut, SessionOut, UserUpdate
from codezest.services.auth.schemas.account import DeletionOut
from codezest.services.auth.schemas.administration import DeletionOrder, Invitation, UserState
from codezest_db.enums import Role

router = APIRouter(prefix="/users", tags=["users"])

Search = Annotated[
    str | None,
    Query(max_length=100, description="Part of the e-mail address or name, the name of the public page, or the id."),
]


def _origin(context: RequestContext) -> Origin:
    return Origin.of(context.client_address, context.user_agent)


async def _user(context: RequestContext, user_id: UUID) -> ManagedUserOut:
    return await queries.managed_user(context.database.pool("auth"), context.actor, user_id)


@router.get("")
async def list_users(
    context: Context,
    *,
    search: Search = None,
    role: Role | None = None,
    state: UserState | None = None,
    created_from: Moment | None = None,
    created_before: Moment | None = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> Page[ManagedUserOut]:
    """Accounts, the newest first. Administrators only."""
    wanted = queries.UserFilter(
        search=search, role=role, state=state, created_from=created_from, created_before=created_before
    )
    return await queries.users(context.database.pool("auth"), context.actor, wanted, cursor=cursor, limit=limit)


@router.post("", status_code=201)
async def invite_user(invitation: Invitation, context: Context) -> ManagedUserOut:
    """Make an account and send its owner a letter to choose a password. Administrators only."""
    async with context.database.write("auth") as session:
        invited = await inviting.invite_user(session, context.actor, invitation, _origin(context))
    return await _user(context, invited.user_id)


@router.get("/{user_id}")
async def read_user(user_id: UUID, context: Context) -> ManagedUserOut:
    """One account. Administrators only."""
    return await _user(context, user_id)


@router.patch("/{user_id}")
async def update_user(user_id: UUID, changes: UserUpdate, context: Context) -> ManagedUserOut:
    """Change another user's role, or suspend and reinstate them. Administrators only."""
    async with context.database.write("auth") as session:
        await managing.manage_user(session, context.actor, user_id, changes, _origin(context))
    return await _user(context, user_id)


@router.delete("/{user_id}", status_code=202)
async def delete_user(user_id: UUID, context: Context, order: DeletionOrder | None = None) -> DeletionOut:
    """Bar a user and delete the account after the time of grace. Administrators only."""
    async with context.database.write("auth") as session:
        moment = await deleting.delete_user(
            session,
            context.settings,
            context.actor,
            user_id,
            reason=order.reason if order else None,
            origin=_origin(context),
        )
    return DeletionOut(deletes_at=moment)


@router.post("/{user_id}/restore")
async def restore_user(user_id: UUID, context: Context) -> ManagedUserOut:
    """Keep an account that waits for its deletion. Administrators only."""
    async with context.database.write("auth") as session:
        await deleting.restore_user(session, context.actor, user_id, _origin(context))
    return await _user(context, user_id)


@router.post("/{user_id}/verification")
async def confirm_address(user_id: UUID, context: Context) -> ManagedUserOut:
    """Vouch for an address that was not confirmed; its owner gets a letter to choose a password. Administrators only."""
    async with context.database.write("auth") as session:
        await opening.confirm_address(session, context.actor, user_id, _origin(context))
    return await _user(context, user_id)


@router.post("/{user_id}/password-letter", status_code=202)
async def send_password_letter(user_id: UUID, context: Context) -> None:
    """Send a user the letter to choose another password. Administrators only."""
    async with context.database.write("auth") as session:
        await opening.send_new_password_letter(session, context.actor, user_id, _origin(context))


@router.delete("/{user_id}/two-step", status_code=204)
async def lift_two_step(user_id: UUID, context: Context) -> None:
    """Turn two-step login off for whoever has lost app and codes. Administrators only."""
    async with context.database.write("auth") as session:
        await lift_second_step_of(session, context.actor, user_id, _origin(context))


@router.get("/{user_id}/sessions")
async def list_sessions(
    user_id: UUID, context: Context, cursor: Cursor = None, limit: PageSize = 20
) -> Page[SessionOut]:
    """A user's live sessions, the newest first. Administrators only."""
    pool = context.database.pool("auth")
    return await queries.sessions_of_user(pool, context.actor, user_id, cursor=cursor, limit=limit)


@router.delete("/{user_id}/sessions", status_code=204)
async def end_all_sessions(user_id: UUID, context: Context) -> None:
    """End every session and token of a user. Administrators only."""
    async with context.database.write("auth") as session:
        await ending.end_all_sessions(session, context.actor, user_id, _origin(context))


@router.delete("/{user_id}/sessions/{session_id}", status_code=204)
async def end_session(user_id: UUID, session_id: UUID, context: Context) -> None:
    """End one session of a user. Administrators only."""
    async with context.database.write("auth") as session:
        await ending.end_session(session, context.actor, user_id, session_id, _origin(context))
