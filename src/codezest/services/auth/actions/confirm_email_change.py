"""Move an account to another address through a letter, and take that back through another."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailChanged
from codezest.kit.clock import now
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.outbox import publish
from codezest.kit.tokens import token_hash
from codezest.services.auth import repository
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.errors import ChangeLinkExpired, ChangeLinkInvalid, ChangeLinkUsed, EmailTaken
from codezest.services.auth.rules import Origin
from codezest_db.models.auth import EmailChange, OAuthAccount, RecoveryCode, TotpSecret, User, WebAuthnCredential


async def confirm_email_change(session: AsyncSession, token: str, origin: Origin) -> User:
    """Give the account its new address, and write to the former one how to take that back.

    Raises:
        ChangeLinkInvalid, ChangeLinkUsed, ChangeLinkExpired: the token does not work.
        EmailTaken: another account has got the address meanwhile; the token still works.
    """
    found = await repository.link_for_update(session, EmailChange, EmailChange.token_hash == token_hash(token))
    if found is None:
        raise ChangeLinkInvalid
    user, change = found
    if user.suspended_at is not None:
        raise ChangeLinkInvalid
    if change.used_at is not None:
        raise ChangeLinkUsed
    if change.expires_at <= now():
        raise ChangeLinkExpired
    former = user.email
    await _move(session, user, change.new_email)
    change.used_at, change.old_email = now(), former
    await session.flush()
    repository.audit(session, "email.changed", actor_user_id=user.id, subject_id=user.id, origin=origin)
    await publish(session, EmailChanged(user_id=user.id))
    await enqueue(session, "auth.send_email_changed", {"change_id": change.id}, priority=INTERACTIVE)
    return user


async def undo_email_change(session: AsyncSession, token: str, origin: Origin) -> User:
    """Give the account its former address again, and end whatever an intruder may hold.

    Whoever moved it knew the password, so that none is left: the owner has another one sent. Sessions, links and tokens end;
    ways in that were added since the move was asked for go, and so does a request to delete the account. Changes made after
    this one are taken back with it, and their own letters can no longer bring them about again.

    Raises:
        ChangeLinkInvalid, ChangeLinkUsed, ChangeLinkExpired: the token does not work.
        EmailTaken: another account has got the address meanwhile.
    """
    found = await repository.link_for_update(session, EmailChange, EmailChange.undo_token_hash == token_hash(token))
    if found is None:
        raise ChangeLinkInvalid
    user, change = found
    if change.old_email is None or change.undo_expires_at is None:
        raise ChangeLinkInvalid
    if change.undone_at is not None:
        raise ChangeLinkUsed
    if change.undo_expires_at <= now():
        raise ChangeLinkExpired
    if user.email.casefold() != change.old_email.casefold():
        await _move(session, user, change.old_email)
    moment = now()
    await session.execute(
        update(EmailChange)
        .where(EmailChange.user_id == user.id, EmailChange.id >= change.id)
        .values(used_at=func.coalesce(EmailChange.used_at, moment), undone_at=moment)
    )
    await _throw_out(session, user, since=change.created_at)
    repository.audit(session, "email.change_undone", actor_user_id=None, subject_id=user.id, origin=origin)
    await publish(session, EmailChanged(user_id=user.id))
    return user


async def _throw_out(session: AsyncSession, user: User, *, since: datetime) -> None:
    """End every session, token and link of a locked user, the password, and what was set up since then."""
    user.password_hash = None
    if user.deletion_requested_at is not None and user.deletion_requested_at >= since:
        user.deletion_requested_at = None
    await session.flush()
    for table in (WebAuthnCredential, OAuthAccount):
        await session.execute(delete(table).where(table.user_id == user.id, table.created_at >= since))
    await session.execute(delete(TotpSecret).where(TotpSecret.user_id == user.id, TotpSecret.confirmed_at >= since))
    if not await second_step_on(session, user.id):
        await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    await repository.revoke_sessions(session, user.id)
    await repository.revoke_tokens(session, user.id)
    await repository.void_resets(session, user.id)


async def _move(session: AsyncSession, user: User, email: str) -> None:
    """Raises EmailTaken."""
    holder = await repository.user_by_email(session, email)
    if holder is not None and holder.id != user.id and holder.email_verified_at is None:
        # Whoever registered it never answered a letter: nobody but its owner can, and that is who asks now.
        await session.execute(delete(User).where(User.id == holder.id, User.email_verified_at.is_(None)))
    user.email = email
    try:
        await session.flush()
    except IntegrityError as error:
        if "uq_users_email" not in str(error.orig):
            raise
        raise EmailTaken from None
    # Links to choose a password went to the address that the account has no longer.
    await repository.void_resets(session, user.id)
