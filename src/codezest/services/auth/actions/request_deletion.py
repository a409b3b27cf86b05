"""Ask for the deletion of one's account."""

from datetime import datetime, timedelta

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.confirm_password import confirmed_owner
from codezest.services.auth.actions.keep_administrator import require_other_administrator
from codezest.services.auth.rules import Origin
from codezest_db.enums import Role


async def request_deletion(
    database: Database, settings: Settings, actor: Actor, password: str | None, origin: Origin
) -> datetime:
    """Let the account be deleted after the time of grace; returns when. Every other session ends, and every token.

    Whoever asks again changes nothing: the time runs from the first request.

    Raises:
        Unauthenticated: nobody is signed in.
        CurrentPasswordWrong, LoginLocked: the password is refused.
        LastAdministrator: nobody would be left to look after the platform.
    """
    async with confirmed_owner(database, settings, actor, password, origin) as (session, user):
        if user.role is Role.ADMIN:
            await require_other_administrator(session, user)
        if user.deletion_requested_at is None:
            user.deletion_requested_at = now()
            repository.audit(
                session, "user.deletion_requested", actor_user_id=user.id, subject_id=user.id, origin=origin
            )
            await enqueue(
                session, "auth.send_account_letter", {"user_id": user.id, "letter": "deletion"}, priority=INTERACTIVE
            )
        await repository.revoke_sessions(session, user.id, keep=actor.session_id)
        await repository.revoke_tokens(session, user.id)
        await session.flush()
        requested_at = user.deletion_requested_at
    return deletes_at(settings, requested_at)


def deletes_at(settings: Settings, requested_at: datetime) -> datetime:
    """When an account is deleted whose owner asked for it then."""
    return requested_at + timedelta(days=settings.deletion_grace_days)
