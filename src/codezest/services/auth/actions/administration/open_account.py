"""Help somebody into their account: confirm the address for them, or have a letter for a new password sent."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailVerified
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.outbox import publish
from codezest.services.auth import policies, repository
from codezest.services.auth.errors import AlreadyVerified
from codezest.services.auth.rules import Origin


async def confirm_address(session: AsyncSession, actor: Actor, user_id: UUID, origin: Origin) -> None:
    """Vouch for a user's address. What was typed in registrations of it counts for nothing: a letter gives the password.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded, UserNotFound, OwnAccount: see `access_managed_user`.
        AlreadyVerified: it is confirmed.
    """
    user = await policies.access_managed_user(session, actor, user_id)
    if user.email_verified_at is not None:
        raise AlreadyVerified
    user.email_verified_at = now()
    await session.flush()
    await repository.void_verifications(session, user.id)
    entry = repository.audit(session, "user.verified", actor_user_id=actor.user_id, subject_id=user.id, origin=origin)
    await session.flush()
    await enqueue(session, "auth.send_password_reset", {"request_id": entry.id}, priority=INTERACTIVE)
    await publish(session, EmailVerified(user_id=user.id))


async def send_new_password_letter(session: AsyncSession, actor: Actor, user_id: UUID, origin: Origin) -> None:
    """Have the letter sent that lets a user choose another password. Nothing changes until it is answered.

    Raises:
        Unauthenticated, Forbidden, UserNotFound, OwnAccount: see `access_managed_user`.
    """
    user = await policies.access_managed_user(session, actor, user_id, proved=False)
    entry = repository.audit(
        session, "user.reset_requested", actor_user_id=actor.user_id, subject_id=user.id, origin=origin
    )
    await session.flush()
    await enqueue(session, "auth.send_password_reset", {"request_id": entry.id}, priority=INTERACTIVE)
