"""Change what one's account and profile say."""

from typing import cast

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.auth import repository
from codezest.services.auth.actions.upload_avatar import remove_avatar
from codezest.services.auth.errors import HandleTaken
from codezest.services.auth.schemas import AccountUpdate, ProfileUpdate
from codezest_db.models.auth import User


async def update_account(session: AsyncSession, actor: Actor, changes: AccountUpdate) -> None:
    """Store the fields given.

    Raises:
        Unauthenticated: nobody is signed in.
        ValidationFailed: the picture is not the one that was sent here.
    """
    user_id = actor.require_user()
    values = dict(changes.changes)
    if "avatar_url" in values:
        address = values.pop("avatar_url")
        if address is None:
            await remove_avatar(session, actor)
        elif address != await session.scalar(select(User.avatar_url).where(User.id == user_id)):
            raise ValidationFailed.of("avatar_url", _("Send the picture itself: only your own can be shown."))
    if values:
        await session.execute(update(User).where(User.id == user_id).values(**values))


async def update_profile(session: AsyncSession, actor: Actor, changes: ProfileUpdate) -> None:
    """Store the fields given; empty text counts as null.

    Raises:
        Unauthenticated: nobody is signed in.
        HandleTaken: somebody else's page has this name.
    """
    profile = await repository.profile_for_update(session, actor.require_user())
    for name, value in changes.changes.items():
        stored = value.model_dump() if isinstance(value, BaseModel) else value
        setattr(profile, name, None if stored == "" else stored)
    try:
        await session.flush()
    except IntegrityError as error:
        if "uq_user_profiles_handle" not in str(error.orig):
            raise
        raise cast("HandleTaken", HandleTaken.of("handle", _("Somebody else has this name. Choose another."))) from None
