"""Begin a session for whoever an identity provider says has come, and make an account for whoever has none.

An account that exists is never taken over: sharing an address with it is not enough, its owner signs in once the way they
do and connects the two.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailVerified, UserRegistered
from codezest.kit.clock import now
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.begin_session import NewSession, begin_session
from codezest.services.auth.actions.identities.link_identity import connect, kept_tokens
from codezest.services.auth.actions.open_registration import require_open_registration
from codezest.services.auth.actions.passkeys.sign_in_with_passkey import record_outcome
from codezest.services.auth.actions.sign_in import REFUSALS, refusal_of
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue, owe_code
from codezest.services.auth.providers.identity import Identity
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import IdentityNeedsSignIn, IdentityUnverified
from codezest_db.enums import LoginOutcome, Role
from codezest_db.models.auth import OAuthAccount, User


async def sign_in_with_identity(
    session: AsyncSession, settings: Settings, identity: Identity, *, next_path: str, origin: Origin
) -> NewSession | CodeDue:
    """Begin a session, or ask for the code of the second step.

    Raises:
        IdentityUnverified: nobody here is connected with it, and the provider vouches for no address.
        IdentityNeedsSignIn: nobody here is connected with it, and its address has an account.
        RegistrationClosed: its address has no account, and new ones are not open to everybody.
        EmailNotVerified, AccountSuspended: the account that it is connected with is closed.
    """
    user = await _connected(session, settings, identity)
    if user is None:
        user = await _join(session, settings, identity, origin)
    outcome = rules.outcome_of_right_password(user)
    if outcome in REFUSALS:
        raise refusal_of(outcome, user)
    if await second_step_on(session, user.id):
        await record_outcome(session, user, LoginOutcome.CODE_DUE, origin)
        return await owe_code(session, user, next_path=next_path)
    await record_outcome(session, user, LoginOutcome.SUCCEEDED, origin)
    return await begin_session(session, settings, user, origin=origin)


async def _connected(session: AsyncSession, settings: Settings, identity: Identity) -> User | None:
    """The locked user who is connected with it; what the provider granted this time replaces what it did before."""
    of_identity = (
        OAuthAccount.provider == identity.provider,
        OAuthAccount.provider_account_id == identity.account_id,
    )
    user_id = await session.scalar(select(OAuthAccount.user_id).where(*of_identity))
    user = await repository.user_for_update(session, user_id) if user_id else None
    if user is None:
        return None
    # It may have been disconnected while the lock was waited for.
    kept = await session.scalar(
        update(OAuthAccount)
        .where(*of_identity, OAuthAccount.user_id == user.id)
        .values(**kept_tokens(settings, identity))
        .returning(OAuthAccount.id)
    )
    return user if kept is not None else None


async def _join(session: AsyncSession, settings: Settings, identity: Identity, origin: Origin) -> User:
    """A new account for an address that the provider has verified, connected with it.

    A registration of the address that nobody has confirmed ends: whoever typed it has not shown that the address is theirs,
    and this person has.
    """
    if identity.email is None or not identity.email_verified:
        raise IdentityUnverified
    try:
        email = rules.normalise_email(identity.email)
    except ValueError:
        raise IdentityUnverified from None
    first_name, last_name = _names(identity, email)
    if await repository.user_by_email(session, email) is None:
        await require_open_registration(session)
    user_id, made = await repository.add_user(session, email=email, first_name=first_name, last_name=last_name)
    user = await repository.user_for_update(session, user_id)
    if user is None or user.email_verified_at is not None:
        raise IdentityNeedsSignIn
    user.first_name, user.last_name = first_name, last_name
    user.email_verified_at = now()
    await session.flush()
    await repository.void_verifications(session, user.id)
    await repository.void_resets(session, user.id)
    await repository.revoke_sessions(session, user.id)
    await connect(session, settings, user, identity, origin)
    if made:
        await publish(session, UserRegistered(user_id=user.id, role=Role.STUDENT))
    await publish(session, EmailVerified(user_id=user.id))
    return user


def _names(identity: Identity, email: str) -> tuple[str, str]:
    """What the provider calls them, as far as we take it; there is always a first name."""
    names: list[str] = []
    for text in (identity.first_name, identity.last_name):
        try:
            names.append(rules.clean_name(text)[: rules.NAME_LENGTH].strip())
        except ValueError:
            names.append("")
    return names[0] or email.partition("@")[0][: rules.NAME_LENGTH], names[1]
