"""Make an account for somebody, who chooses the password by letter."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import UserRegistered
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.features import feature_settings
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.outbox import publish
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.manage_user import introduce_instructor
from codezest.services.auth.errors import EmailTaken, RegistrationClosed
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.administration import Invitation
from codezest_db.enums import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """`created` is False where the address was registered before and nobody had confirmed it: that account is invited."""

    user_id: UUID
    created: bool


async def invite_user(session: AsyncSession, actor: Actor, invitation: Invitation, origin: Origin) -> Invited:
    """Make an unconfirmed account with names and role, and have a letter sent with which its owner chooses a password.

    A registration that nobody has confirmed is taken over: what strangers typed for it is forgotten. Whoever invites the
    same address again has another letter sent.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded: see `access_managed_user`.
        EmailTaken: the address has a confirmed account.
        RegistrationClosed: nobody may have a new account.
    """
    actor.require_admin()
    await policies.require_proof(session, actor)
    if (await feature_settings(await driver_connection(session))).registration == "CLOSED":
        raise RegistrationClosed
    user_id, made = await repository.add_user(
        session, email=invitation.email, first_name=invitation.first_name, last_name=invitation.last_name
    )
    users = await repository.users_for_update(session, actor.require_user(), user_id)
    policies.require_standing_admin(users.get(actor.require_user()))
    user = users[user_id]
    if user.email_verified_at is not None or user.suspended_at is not None:
        raise EmailTaken
    user.first_name, user.last_name, user.role = invitation.first_name, invitation.last_name, invitation.role
    await session.flush()
    await repository.void_verifications(session, user_id)
    if user.role is Role.INSTRUCTOR:
        await introduce_instructor(session, user_id)
    entry = repository.audit(
        session,
        "user.invited",
        actor_user_id=actor.user_id,
        subject_id=user_id,
        origin=origin,
        role=invitation.role.value,
    )
    await session.flush()
    await enqueue(session, "auth.send_invitation", {"request_id": entry.id}, priority=INTERACTIVE)
    if made:
        await publish(session, UserRegistered(user_id=user_id, role=invitation.role))
    return Invited(user_id=user_id, created=made)
