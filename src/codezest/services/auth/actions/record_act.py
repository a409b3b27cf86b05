"""Write an act of an administrator into the audit trail where the act itself changes nothing of this service."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import repository
from codezest.services.auth.rules import Origin


async def record_act(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    subject_type: str,
    origin: Origin,
    **details: str | int | bool | None,
) -> None:
    """Add the entry.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
    """
    repository.audit(
        session,
        action,
        actor_user_id=actor.require_admin(),
        subject_id=None,
        subject_type=subject_type,
        origin=origin,
        **details,
    )
    await session.flush()
