"""Turn two-step login off for somebody who has lost their app and their codes, as the operator or an administrator."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import policies, repository
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.errors import UserNotFound
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import TwoStepOff
from codezest_db.models.auth import RecoveryCode, TotpSecret, User

OPERATOR = Origin(None, None)


async def lift_second_step(session: AsyncSession, email: str) -> UUID:
    """Forget the app's secret and the recovery codes of an account, end its sessions, and write to its owner.

    The password, passkeys and connections stay: whoever comes in must still know or have one of them. Sessions end because
    the second step guarded them too.

    Raises:
        UserNotFound: the address has no account.
        TwoStepOff: there is nothing to turn off.
    """
    found = await repository.user_by_email(session, email)
    user = await repository.user_for_update(session, found.id) if found is not None else None
    if user is None:
        raise UserNotFound
    await _lift(session, user, lifted_by=None, origin=OPERATOR)
    return user.id


async def lift_second_step_of(session: AsyncSession, actor: Actor, user_id: UUID, origin: Origin) -> None:
    """The same as an administrator.

    Raises:
        Unauthenticated, Forbidden, ProofNeeded, UserNotFound, OwnAccount: see `access_managed_user`.
        TwoStepOff: there is nothing to turn off.
    """
    user = await policies.access_managed_user(session, actor, user_id)
    await _lift(session, user, lifted_by=actor.user_id, origin=origin)


async def _lift(session: AsyncSession, user: User, *, lifted_by: UUID | None, origin: Origin) -> None:
    if not await second_step_on(session, user.id):
        raise TwoStepOff
    await session.execute(delete(TotpSecret).where(TotpSecret.user_id == user.id))
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    await repository.revoke_sessions(session, user.id)
    await report_change(session, "two_step.lifted", user_id=user.id, origin=origin, actor_user_id=lifted_by)
