"""Turn two-step login on."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.actions.two_step.check_code import second_step_on, secret_of
from codezest.services.auth.actions.two_step.renew_recovery_codes import replace_recovery_codes
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import codes
from codezest.services.auth.ways_in.errors import TwoStepOn, WrongCode


async def confirm_totp(session: AsyncSession, settings: Settings, actor: Actor, code: str, origin: Origin) -> list[str]:
    """Take the secret into use, now that the app has shown a code of it; returns the recovery codes, this once.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        TwoStepOn: it is on already.
        WrongCode: the code is not of the secret last given, or none was given.
    """
    user = await policies.access_own_ways_in(session, actor)
    if await second_step_on(session, user.id):
        raise TwoStepOn
    row, secret = await secret_of(session, settings, user.id, confirmed=False)
    step = codes.matching_step(secret, codes.bare_code(code), moment=now(), last_used=None)
    if step is None:
        raise WrongCode
    row.confirmed_at, row.last_used_step = now(), step
    await session.flush()
    shown = await replace_recovery_codes(session, user.id)
    await report_change(session, "two_step.enabled", user_id=user.id, origin=origin, actor_user_id=user.id)
    return shown
