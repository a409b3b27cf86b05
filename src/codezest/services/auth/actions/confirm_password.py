"""Let somebody who is signed in prove once more that they are the owner, before what cannot easily be undone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.check_password import check_password, settle, turn_of
from codezest.services.auth.errors import CurrentPasswordWrong, WrongCredentials
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth import User


@asynccontextmanager
async def confirmed_owner(
    database: Database, settings: Settings, actor: Actor, password: str | None, origin: Origin
) -> AsyncGenerator[tuple[AsyncSession, User]]:
    """A transaction with the actor's account, locked, once the password was right.

    Who has no password gives none, and must have proved lately in another way who they are. Guesses count as failed logins, so that a session left open gives no free tries.

    Raises:
        Unauthenticated: nobody is signed in.
        CurrentPasswordWrong: it is not the password.
        ProofNeeded: there is none, and nothing else was proved lately; or a program asks.
        LoginLocked: too many wrong passwords before.
    """
    user_id, _session_id = policies.require_session(actor)
    if password is None:
        async with database.write("auth") as session:
            user = await policies.access_own_ways_in(session, actor)
            if user.password_hash is not None:
                raise _wrong(_("Please fill this in."))
            yield session, user
        return
    async with turn_of(actor.email):
        try:
            proof = await check_password(database, settings, email=actor.email, password=password, origin=origin)
        except WrongCredentials:
            raise _wrong() from None
        async with database.write("auth") as session:
            await settle(session, proof, LoginOutcome.SUCCEEDED)
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, user_id)
            if user is None or user.password_hash != proof.password_hash:
                raise _wrong()  # changed by someone else in between
            yield session, user


def _wrong(message: str | None = None) -> CurrentPasswordWrong:
    error = CurrentPasswordWrong.of("current_password", message or _("This is not your current password."))
    assert isinstance(error, CurrentPasswordWrong)
    return error
