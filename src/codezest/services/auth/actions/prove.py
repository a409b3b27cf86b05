"""Show once more who one is, before ways to sign in are changed."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.check_password import check_password, settle, turn_of
from codezest.services.auth.actions.two_step.check_code import count_try, redeem_code, second_step_on
from codezest.services.auth.errors import CurrentPasswordWrong, WrongCredentials
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import SecondProofNeeded, WrongCode
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth import Session


async def prove_with_password(
    database: Database, settings: Settings, actor: Actor, password: str, origin: Origin
) -> None:
    """Mark the actor's session as proved. Where two-step login is on, a password proves nothing: whoever has learned it could
    turn that off.

    Raises:
        Unauthenticated, Forbidden: the request is not made in a session.
        SecondProofNeeded: two-step login is on.
        CurrentPasswordWrong: it is not their password, or they have none.
        LoginLocked: too many wrong passwords before.
    """
    user_id, _session_id = policies.require_session(actor)
    async with database.write("auth") as session:
        await _refuse_with_two_steps(session, user_id)
    async with turn_of(actor.email):
        try:
            proof = await check_password(database, settings, email=actor.email, password=password, origin=origin)
        except WrongCredentials:
            raise _wrong_password() from None
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, user_id)
            if user is None or user.password_hash != proof.password_hash:
                raise _wrong_password()  # changed by someone else in between
            await _refuse_with_two_steps(session, user_id)
            await settle(session, proof, LoginOutcome.SUCCEEDED)
            await mark_proved(session, actor)


async def prove_with_code(database: Database, settings: Settings, actor: Actor, code: str, origin: Origin) -> None:
    """Mark the actor's session as proved by a code of their app, or a recovery code.

    Raises:
        Unauthenticated, Forbidden: the request is not made in a session.
        WrongCode: it is none of theirs, or was used.
        CodesLocked: too many wrong codes before.
    """
    user_id, _session_id = policies.require_session(actor)
    async with turn_of(actor.email):
        event_id = await count_try(database, settings, user_id=user_id, email=actor.email, origin=origin)
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, user_id)
            if user is None:
                raise WrongCode
            await redeem_code(session, settings, user, code, event_id=event_id, origin=origin)
            await mark_proved(session, actor)


async def mark_proved(session: AsyncSession, actor: Actor) -> None:
    """From now on the actor may change ways to sign in, for a while."""
    await session.execute(
        update(Session).where(Session.id == actor.session_id, Session.revoked_at.is_(None)).values(proved_at=now())
    )


async def _refuse_with_two_steps(session: AsyncSession, user_id: UUID) -> None:
    if await second_step_on(session, user_id):
        raise SecondProofNeeded


def _wrong_password() -> CurrentPasswordWrong:
    error = CurrentPasswordWrong.of("password", _("This is not your current password."))
    assert isinstance(error, CurrentPasswordWrong)
    return error
