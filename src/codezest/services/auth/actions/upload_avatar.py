"""Show a picture of oneself, or no longer."""

import secrets
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.errors import Unauthenticated
from codezest.kit.files import Files
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import enqueue
from codezest.kit.pictures import MOST_BYTES, MOST_PIXELS, PictureRefused, Refusal, square_pictures
from codezest.services.auth import repository
from codezest.services.auth.errors import PictureUnusable

SIZES = {256: "", 96: "-96"}
"""Widths in pixels, with what the name of each file ends on."""


def avatar_keys(name: str) -> list[str]:
    """The storage keys of a picture's sizes."""
    return [f"avatars/{name}{ending}.webp" for ending in SIZES.values()]


def avatar_url(name: str) -> str:
    """Where browsers get the larger one."""
    return f"/avatars/{name}.webp"


async def upload_avatar(database: Database, files: Files, actor: Actor, content: bytes) -> str:
    """Draw the picture anew, keep it, and show it from now on; returns its path.

    Its name is random: it cannot be guessed, and what it names never changes.

    Raises:
        Unauthenticated: nobody is signed in.
        PictureUnusable: it is not a picture that we take.
    """
    actor.require_user()
    try:
        pictures = await square_pictures(content, tuple(SIZES))
    except PictureRefused as refused:
        raise _unusable(refused.reason) from None
    name = secrets.token_hex(16)
    try:
        for key, picture in zip(avatar_keys(name), pictures, strict=True):
            await files.put(key, picture)
        async with database.write("auth") as session:
            await _show(session, actor, name)
    except BaseException:
        await files.discard(*avatar_keys(name))
        raise
    return avatar_url(name)


async def remove_avatar(session: AsyncSession, actor: Actor) -> None:
    """Show initials again.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    await _show(session, actor, None)


async def _show(session: AsyncSession, actor: Actor, name: str | None) -> None:
    user = await repository.user_for_update(session, actor.require_user())
    if user is None:
        raise Unauthenticated
    profile = await repository.profile_for_update(session, user.id)
    if profile.avatar is not None:
        await enqueue(session, "auth.delete_files", {"keys": avatar_keys(profile.avatar)})
    profile.avatar = name
    user.avatar_url = avatar_url(name) if name is not None else None


def _unusable(reason: Refusal) -> PictureUnusable:
    said: dict[Refusal, Any] = {
        "too-large": _("The file is larger than %(most)s MB. Make it smaller first.") % {"most": MOST_BYTES >> 20},
        "too-many-pixels": _("The picture has more than %(most)s million pixels. Make it smaller first.")
        % {"most": MOST_PIXELS // 1_000_000},
        "unknown-format": _("Use a PNG, JPEG, WebP or GIF picture."),
        "broken": _("The picture cannot be read. Save it again, or use another."),
    }
    return cast("PictureUnusable", PictureUnusable.of("picture", said[reason]))
