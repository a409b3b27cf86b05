"""One's picture: sent by a form, shown to everybody under a name that nobody can guess."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from codezest.kit.context import Context
from codezest.kit.downloads import stored_file
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.upload_avatar import remove_avatar, upload_avatar
from codezest.services.auth.errors import PictureUnusable
from codezest.services.auth.pages.forms import refusal
from codezest.services.auth.pages.profile.handler import TEMPLATE, filled_in
from codezest.services.auth.pages.routing import account_router

router = APIRouter()
own = account_router()

NAME = re.compile(r"[0-9a-f]{32}(?:-96)?")


@own.post("/account/profile/avatar")
async def save_picture(request: Request, context: Context) -> Response:
    """Draw the picture anew and show it from now on."""
    context.resources.limiter.hit_costly(str(context.actor.user_id))
    form = await request.form(max_files=1, max_fields=10)
    sent = form.get("picture")
    try:
        if not isinstance(sent, UploadFile) or not sent.size:
            raise PictureUnusable.of("picture", _("Choose a file first."))
        await upload_avatar(context.database, context.resources.files, context.actor, await sent.read())
    except AppError as error:
        return refusal(context, TEMPLATE, error, **await filled_in(context))
    finally:
        await form.close()
    return context.redirect("/account/profile", flash=_("Your picture is saved."))


@own.post("/account/profile/avatar/remove")
async def remove_picture(context: Context) -> Response:
    """Show initials again."""
    async with context.database.write("auth") as session:
        await remove_avatar(session, context.actor)
    return context.redirect("/account/profile", flash=_("Your picture is removed."))


@router.api_route("/avatars/{name}.webp", methods=["GET", "HEAD"])
async def show_picture(name: str, request: Request, context: Context) -> Response:
    """The picture of this name."""
    if not NAME.fullmatch(name):
        raise NotFound
    return await stored_file(
        context.resources.files,
        f"avatars/{name}.webp",
        asked=request.headers,
        media_type="image/webp",
        filename="avatar.webp",
        inline=True,
        public=True,
    )


router.include_router(own)
