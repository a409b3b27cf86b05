"""Begin a session."""

from codezest.kit.database import Database
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.begin_session import NewSession, begin_session
from codezest.services.auth.actions.check_password import check_password, current_hash, settle, turn_of
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue, owe_code
from codezest.services.auth.errors import AccountSuspended, EmailNotVerified, WrongCredentials
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth import User

REFUSALS: dict[LoginOutcome, type[AppError]] = {
    LoginOutcome.UNVERIFIED: EmailNotVerified,
    LoginOutcome.SUSPENDED: AccountSuspended,
}


def refusal_of(outcome: LoginOutcome, user: User) -> AppError:
    """The error of an outcome in `REFUSALS`. Whoever is barred is told why, having shown that the account is theirs."""
    if outcome is LoginOutcome.SUSPENDED and user.suspension_reason:
        return AccountSuspended(
            _("The reason given: %(reason)s Nothing is lost. Ask an administrator if you think this is a mistake.")
            % {"reason": user.suspension_reason}
        )
    return REFUSALS[outcome]()


async def sign_in(
    database: Database,
    settings: Settings,
    *,
    email: str,
    password: str,
    origin: Origin,
    next_path: str | None = None,
) -> NewSession | CodeDue:
    """Check the password, and begin a session or ask for the code of the second step.

    Raises:
        WrongCredentials: no such account, or not its password.
        LoginLocked: too many wrong passwords before, even if this one is right.
        EmailNotVerified: the password is right, the address not confirmed.
        AccountSuspended: the password is right, the account barred.
    """
    async with turn_of(email):
        proof = await check_password(database, settings, email=email, password=password, origin=origin)
        async with database.write("auth") as session:
            user = await repository.user_for_update(session, proof.user_id)
            if user is None or await current_hash(session, user) != proof.password_hash:
                raise WrongCredentials  # deleted, or given another password, while this one was compared
            outcome = rules.outcome_of_right_password(user)
            if outcome is LoginOutcome.SUCCEEDED and await second_step_on(session, user.id):
                outcome = LoginOutcome.CODE_DUE
            await settle(session, proof, outcome)
            if outcome not in REFUSALS and proof.renewed_hash is not None:
                user.password_hash = proof.renewed_hash
            if outcome is LoginOutcome.SUCCEEDED:
                return await begin_session(session, settings, user, origin=origin)
            if outcome is LoginOutcome.CODE_DUE:
                return await owe_code(session, user, next_path=next_path)
    raise refusal_of(outcome, user)
