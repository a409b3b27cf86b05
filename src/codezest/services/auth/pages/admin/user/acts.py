"""What administrators do to one account: each a form of its page, which comes back with what was typed when it is refused."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.administration.delete_user import delete_user, restore_user
from codezest.services.auth.actions.administration.end_sessions import end_all_sessions, end_session
from codezest.services.auth.actions.administration.open_account import confirm_address, send_new_password_letter
from codezest.services.auth.actions.manage_user import manage_user
from codezest.services.auth.actions.two_step.lift_second_step import lift_second_step_of
from codezest.services.auth.pages.admin.routing import admin_router
from codezest.services.auth.pages.admin.user.handler import TEMPLATE, shown
from codezest.services.auth.pages.forms import FormRefused, refusal
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import UserUpdate
from codezest.services.auth.schemas.administration import DeletionOrder
from codezest_db.enums import Role

router = admin_router()

Act = Callable[[AsyncSession, Origin], Awaitable[object]]


async def _carry_out(
    context: RequestContext, user_id: UUID, act: Act, *, done: str, values: dict[str, str] | None = None
) -> Response:
    """Do it and go back to the page with `done`, or show the page again with what stands in the way."""
    try:
        async with context.database.write("auth") as session:
            await act(session, Origin.of(context.client_address, context.user_agent))
    except NotFound:
        raise
    except (AppError, FormRefused) as error:
        return refusal(context, TEMPLATE, error, values=values or {}, **await shown(context, user_id))
    return context.redirect(f"/admin/users/{user_id}", flash=done)


@router.post("/admin/users/{user_id}/role")
async def change_role(user_id: UUID, request: Request, context: Context) -> Response:
    """Give another role."""
    form = await request.form()
    role, why = str(form.get("role", "")), str(form.get("why", "")).strip()

    async def act(session: AsyncSession, origin: Origin) -> None:
        if role not in Role.__members__:
            raise FormRefused([("role", _("Choose one of the roles."))])
        try:
            changes = UserUpdate.model_validate({"role": role, "reason": why or None})
        except ValidationError as error:
            raise FormRefused([("why", str(error.errors()[0]["msg"]))]) from None
        await manage_user(session, context.actor, user_id, changes, origin)

    return await _carry_out(context, user_id, act, done=_("The role is changed."), values={"role": role, "why": why})


@router.post("/admin/users/{user_id}/suspend")
async def suspend(user_id: UUID, request: Request, context: Context) -> Response:
    """Bar the account and end its sessions."""
    reason = str((await request.form()).get("suspension", "")).strip()

    async def act(session: AsyncSession, origin: Origin) -> None:
        if not reason:
            raise FormRefused([("suspension", _("Say why. The owner is told when they log in."))])
        try:
            changes = UserUpdate.model_validate({"suspended": True, "reason": reason})
        except ValidationError as error:
            raise FormRefused([("suspension", str(error.errors()[0]["msg"]))]) from None
        await manage_user(session, context.actor, user_id, changes, origin)

    return await _carry_out(
        context, user_id, act, done=_("The account is suspended and logged out."), values={"suspension": reason}
    )


@router.post("/admin/users/{user_id}/reinstate")
async def reinstate(user_id: UUID, context: Context) -> Response:
    """Lift the suspension."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await manage_user(session, context.actor, user_id, UserUpdate(suspended=False), origin)

    return await _carry_out(context, user_id, act, done=_("The suspension is lifted."))


@router.post("/admin/users/{user_id}/verify")
async def verify(user_id: UUID, context: Context) -> Response:
    """Vouch for the address."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await confirm_address(session, context.actor, user_id, origin)

    return await _carry_out(
        context, user_id, act, done=_("The address counts as confirmed. A letter for the password is on its way.")
    )


@router.post("/admin/users/{user_id}/password-letter")
async def send_letter(user_id: UUID, context: Context) -> Response:
    """Send the letter for another password."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await send_new_password_letter(session, context.actor, user_id, origin)

    return await _carry_out(context, user_id, act, done=_("The letter is on its way."))


@router.post("/admin/users/{user_id}/two-step/lift")
async def lift_two_step(user_id: UUID, context: Context) -> Response:
    """Turn two-step login off."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await lift_second_step_of(session, context.actor, user_id, origin)

    return await _carry_out(context, user_id, act, done=_("Two-step login is off for this account."))


@router.post("/admin/users/{user_id}/sessions/end")
async def end_sessions(user_id: UUID, context: Context) -> Response:
    """End every session and token."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await end_all_sessions(session, context.actor, user_id, origin)

    return await _carry_out(context, user_id, act, done=_("The account is logged out everywhere."))


@router.post("/admin/users/{user_id}/sessions/{session_id}/end")
async def end_one_session(user_id: UUID, session_id: UUID, context: Context) -> Response:
    """End one session."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await end_session(session, context.actor, user_id, session_id, origin)

    return await _carry_out(context, user_id, act, done=_("The session has ended."))


@router.post("/admin/users/{user_id}/delete")
async def delete(user_id: UUID, request: Request, context: Context) -> Response:
    """Bar the account and have it deleted after the time of grace."""
    reason = str((await request.form()).get("deletion", "")).strip()

    async def act(session: AsyncSession, origin: Origin) -> None:
        try:
            order = DeletionOrder.model_validate({"reason": reason or None})
        except ValidationError as error:
            raise FormRefused([("deletion", str(error.errors()[0]["msg"]))]) from None
        await delete_user(session, context.settings, context.actor, user_id, reason=order.reason, origin=origin)

    return await _carry_out(
        context, user_id, act, done=_("The account is closed and waits for its deletion."), values={"deletion": reason}
    )


@router.post("/admin/users/{user_id}/restore")
async def restore(user_id: UUID, context: Context) -> Response:
    """Keep the account after all."""

    async def act(session: AsyncSession, origin: Origin) -> None:
        await restore_user(session, context.actor, user_id, origin)

    return await _carry_out(context, user_id, act, done=_("The account stays, and its owner can log in."))
