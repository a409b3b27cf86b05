"""Turn two-step login off."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import policies
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import TwoStepOff
from codezest_db.models.auth import RecoveryCode, TotpSecret


async def disable_totp(session: AsyncSession, actor: Actor, origin: Origin) -> None:
    """Forget the app's secret and the recovery codes; from now on the password alone is enough.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        TwoStepOff: it is off already.
    """
    user = await policies.access_own_ways_in(session, actor)
    if not await second_step_on(session, user.id):
        raise TwoStepOff
    await session.execute(delete(TotpSecret).where(TotpSecret.user_id == user.id))
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    await report_change(session, "two_step.disabled", user_id=user.id, origin=origin, actor_user_id=user.id)
