"""Count an attempt to prove who one is, before it is known how it ends."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.rules import Origin
from codezest_db.enums import LoginOutcome
from codezest_db.ids import uuid7
from codezest_db.models.auth import LoginEvent


async def record_attempt(
    session: AsyncSession,
    settings: Settings,
    wrong: LoginOutcome,
    *,
    email: str,
    user_id: UUID | None,
    origin: Origin,
) -> tuple[UUID, int]:
    """Store the attempt as a wrong one, or as locked out where too many of its kind went before.

    The caller has named the address and the network to `repository.serialise`, and commits before it compares anything.

    Returns:
        the id of the event, whose outcome is to be set after success, and for how many seconds no attempt is accepted: 0
        means that this one is.
    """
    wait = await _seconds_locked(session, settings, wrong, email, origin.network)
    event = LoginEvent(
        id=uuid7(),
        user_id=user_id,
        email=email,
        outcome=LoginOutcome.LOCKED_OUT if wait else wrong,
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
        created_at=await repository.moment(session),
    )
    session.add(event)
    await session.flush()
    return event.id, wait


async def _seconds_locked(
    session: AsyncSession, settings: Settings, wrong: LoginOutcome, email: str, network: str | None
) -> int:
    window = timedelta(minutes=settings.login_lockout_minutes)
    moment = await repository.moment(session)
    since, limit = moment - window, settings.login_failures
    failures = await repository.failures_for(session, wrong, email, since=since, limit=limit)
    wait = rules.seconds_locked(failures, limit=limit, window=window, moment=moment)
    if network is not None:
        limit *= rules.ADDRESS_FACTOR
        failures = await repository.failures_from(session, wrong, network, since=since, limit=limit)
        wait = max(wait, rules.seconds_locked(failures, limit=limit, window=window, moment=moment))
    return wait
