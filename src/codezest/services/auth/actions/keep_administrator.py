"""Never lose the last administrator."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.auth import repository
from codezest.services.auth.errors import LastAdministrator
from codezest_db.enums import Role
from codezest_db.models.auth import User


async def require_other_administrator(session: AsyncSession, user: User) -> None:
    """Refuse to lose the last administrator in good standing. The user is locked by the caller.

    Raises:
        LastAdministrator: as said.
    """
    # Two administrators who go at once both come here with themselves locked: this key makes them take turns.
    await repository.serialise(session, "administrators")
    other = await session.scalar(
        select(User.id)
        .where(
            User.id != user.id,
            User.role == Role.ADMIN,
            User.deleted_at.is_(None),
            User.suspended_at.is_(None),
            User.email_verified_at.is_not(None),
            User.deletion_requested_at.is_(None),
        )
        .limit(1)
    )
    if other is None:
        raise LastAdministrator
