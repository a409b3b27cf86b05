"""Change one's own password."""

from codezest.events.auth import PasswordChanged
from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.check_password import check_password, settle, turn_of
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.errors import CurrentPasswordWrong, PasswordUnchanged, WrongCredentials
from codezest.services.auth.passwords import hash_password
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import PasswordChange
from codezest_db.enums import LoginOutcome


async def change_password(
    database: Database, settings: Settings, actor: Actor, change: PasswordChange, origin: Origin
) -> None:
    """Replace the actor's password; every other session ends, and every link for a new password or another address.

    Guesses of the current one count as failed logins, so that a session left open gives no free tries.

    Raises:
        Unauthenticated: nobody is signed in.
        PasswordTooCommon, PasswordIsEmail, PasswordUnchanged: the new password is refused.
        CurrentPasswordWrong: the current one is not right.
        LoginLocked: too many wrong passwords before.
    """
    user_id = actor.require_user()
    rules.check_password(change.new_password, actor.email, field="new_password")
    if rules.prepare_password(change.new_password) == rules.prepare_password(change.current_password):
        raise PasswordUnchanged.of("new_password", _("Choose a password other than the current one."))
    async with turn_of(actor.email):
        try:
            proof = await check_password(
                database, settings, email=actor.email, password=change.current_password, origin=origin
            )
        except WrongCredentials:
            raise _wrong() from None
        password_hash = await hash_password(change.new_password)
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, user_id)
            if user is None or user.password_hash != proof.password_hash:
                raise _wrong()  # changed by someone else in between
            user.password_hash = password_hash
            await settle(session, proof, LoginOutcome.SUCCEEDED)
            await repository.revoke_sessions(session, user_id, keep=actor.session_id)
            await repository.void_resets(session, user_id)
            await repository.void_email_changes(session, user_id)
            await report_change(session, "password.changed", user_id=user_id, origin=origin, actor_user_id=user_id)
            await publish(session, PasswordChanged(user_id=user_id, how="CHANGED"))


def _wrong() -> CurrentPasswordWrong:
    error = CurrentPasswordWrong.of("current_password", _("This is not your current password."))
    assert isinstance(error, CurrentPasswordWrong)
    return error
