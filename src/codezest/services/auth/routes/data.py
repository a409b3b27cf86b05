"""The address of one's account, all that is held of oneself, and the end of the account. No token opens these."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from codezest.kit.context import Context
from codezest.kit.downloads import stored_file
from codezest.services.auth.actions import cancel_deletion as cancelling
from codezest.services.auth.actions import change_email as changing
from codezest.services.auth.actions import confirm_email_change as confirming
from codezest.services.auth.actions import export_data as exporting
from codezest.services.auth.actions import request_deletion as requesting
from codezest.services.auth.queries.exports import export_file, exports_of
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import MailSent
from codezest.services.auth.schemas.account import (
    DataExportOut,
    DeletionOut,
    DeletionRequest,
    EmailChangeAnswer,
    EmailChanged,
    EmailChangeRequest,
)

router = APIRouter(tags=["me"])

REQUESTED = "We have sent a mail to this address. Open the link in it; until then your address stays as it is."


@router.post("/me/email", status_code=202)
async def change_email(request: EmailChangeRequest, context: Context) -> MailSent:
    """Ask to move the account to another address, which must be confirmed."""
    origin = Origin.of(context.client_address, context.user_agent)
    await changing.change_email(context.database, context.settings, context.actor, request, origin)
    return MailSent(message=REQUESTED, email=request.new_email)


@router.post("/auth/confirm-email-change")
async def confirm_email_change(answer: EmailChangeAnswer, context: Context) -> EmailChanged:
    """Give the account its new address with the token of a letter."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        user = await confirming.confirm_email_change(session, answer.token, origin)
        return EmailChanged(email=user.email)


@router.post("/auth/undo-email-change")
async def undo_email_change(answer: EmailChangeAnswer, context: Context) -> EmailChanged:
    """Give the account its former address again with the token of a letter. Every session and token ends."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        user = await confirming.undo_email_change(session, answer.token, origin)
        return EmailChanged(email=user.email)


@router.get("/me/exports")
async def list_exports(context: Context) -> list[DataExportOut]:
    """The caller's latest downloads of their data."""
    return await exports_of(context.database.pool("auth"), context.actor)


@router.post("/me/exports", status_code=202)
async def export_data(context: Context) -> list[DataExportOut]:
    """Have everything that is held of the caller put together. At most one a day."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await exporting.export_data(session, context.actor, origin)
    return await exports_of(context.database.pool("auth"), context.actor)


@router.get("/me/exports/{export_id}/file", response_class=Response)
async def download_export(export_id: UUID, request: Request, context: Context) -> Response:
    """The archive, as ZIP."""
    key = await export_file(context.database.pool("auth"), context.actor, export_id)
    return await stored_file(
        context.resources.files,
        key,
        asked=request.headers,
        media_type="application/zip",
        filename="codezest-data.zip",
    )


@router.post("/me/deletion")
async def request_deletion(request: DeletionRequest, context: Context) -> DeletionOut:
    """Let the account be deleted after the time of grace. Other sessions and every token end."""
    origin = Origin.of(context.client_address, context.user_agent)
    moment = await requesting.request_deletion(
        context.database, context.settings, context.actor, request.current_password, origin
    )
    return DeletionOut(deletes_at=moment)


@router.delete("/me/deletion", status_code=204)
async def cancel_deletion(context: Context) -> None:
    """Keep the account after all."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await cancelling.cancel_deletion(session, context.actor, origin)
