"""Take one's data along, or have the account deleted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.downloads import stored_file
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.cancel_deletion import cancel_deletion
from codezest.services.auth.actions.export_data import export_data
from codezest.services.auth.actions.request_deletion import deletes_at, request_deletion
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.queries.email_changes import has_password
from codezest.services.auth.queries.exports import export_file, exports_of
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.account import DeletionRequest
from codezest.services.auth.ways_in.errors import ProofNeeded

HOME = "/account/data"

router = proved_router(HOME)

TEMPLATE = "auth/pages/data/template.html"


@router.get(HOME)
async def show_data(context: Context) -> Response:
    """Downloads, and the way out."""
    return context.page(TEMPLATE, errors=[], messages={}, **await _state(context))


@router.post("/account/data/export")
async def ask_for_export(context: Context) -> Response:
    """Have everything put together."""
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        async with context.database.write("auth") as session:
            await export_data(session, context.actor, origin)
    except ProofNeeded:
        raise
    except AppError as error:
        return refusal(context, TEMPLATE, error, **await _state(context))
    return context.redirect(HOME, flash=_("We write to you as soon as your data is ready."), kind="info")


@router.get("/account/data/{export_id}/download")
async def download(export_id: str, request: Request, context: Context) -> Response:
    """The archive."""
    try:
        wanted = UUID(export_id)
    except ValueError:
        raise NotFound from None
    key = await export_file(context.database.pool("auth"), context.actor, wanted)
    return await stored_file(
        context.resources.files,
        key,
        asked=request.headers,
        media_type="application/zip",
        filename="codezest-data.zip",
    )


@router.post("/account/data/delete")
async def ask_for_deletion(request: Request, context: Context) -> Response:
    """Let the account be deleted after the time of grace."""
    form = await submitted(request, DeletionRequest, nullable={"current_password"})
    origin = Origin.of(context.client_address, context.user_agent)
    try:
        await request_deletion(context.database, context.settings, context.actor, form.read().current_password, origin)
    except ProofNeeded:
        raise
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, **await _state(context))
    return context.redirect(HOME, flash=_("Your account will be deleted. Until then you can keep it."), kind="info")


@router.post("/account/data/keep")
async def keep(context: Context) -> Response:
    """Keep the account after all."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await cancel_deletion(session, context.actor, origin)
    return context.redirect(HOME, flash=_("Your account stays."))


async def _state(context: RequestContext) -> dict[str, Any]:
    pool, actor = context.database.pool("auth"), context.actor
    asked_at = actor.deletion_requested_at
    return {
        "exports": await exports_of(pool, actor),
        "has_password": await has_password(pool, actor.require_user()),
        "deletes_at": deletes_at(context.settings, asked_at) if asked_at is not None else None,
        "grace": timedelta(days=context.settings.deletion_grace_days).days,
    }
