"""Change what one's account and profile say."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.auth import repository
from codezest.services.auth.schemas import AccountUpdate, ProfileUpdate
from codezest_db.models.auth import User


async def update_account(session: AsyncSession, actor: Actor, changes: AccountUpdate) -> None:
    """Store the fields given.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    user_id = actor.require_user()
    if changes.changes:
        await session.execute(update(User).where(User.id == user_id).values(**changes.changes))


async def update_profile(session: AsyncSession, actor: Actor, changes: ProfileUpdate) -> None:
    """Store the fields given; empty text counts as null.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    profile = await repository.profile_for_update(session, actor.require_user())
    for name, value in changes.changes.items():
        setattr(profile, name, None if value == "" else value)
