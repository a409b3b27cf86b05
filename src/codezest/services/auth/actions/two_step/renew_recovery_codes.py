"""Replace the recovery codes."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import policies
from codezest.services.auth.actions.report_change import report_change
from codezest.services.auth.actions.two_step.check_code import second_step_on
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import codes
from codezest.services.auth.ways_in.errors import TwoStepOff
from codezest_db.ids import uuid7
from codezest_db.models.auth import RecoveryCode


async def renew_recovery_codes(session: AsyncSession, actor: Actor, origin: Origin) -> list[str]:
    """New codes, shown this once; those before work no more.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        TwoStepOff: there is nothing to recover.
    """
    user = await policies.access_own_ways_in(session, actor)
    if not await second_step_on(session, user.id):
        raise TwoStepOff
    shown = await replace_recovery_codes(session, user.id)
    await report_change(session, "recovery_codes.renewed", user_id=user.id, origin=origin, actor_user_id=user.id)
    return shown


async def replace_recovery_codes(session: AsyncSession, user_id: UUID) -> list[str]:
    """Store the hashes of new codes in place of all others; returns the codes."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    shown = codes.new_recovery_codes()
    for code in shown:
        hashed = codes.recovery_hash(code)
        assert hashed is not None
        session.add(RecoveryCode(id=uuid7(), user_id=user_id, code_hash=hashed))
    await session.flush()
    return shown
