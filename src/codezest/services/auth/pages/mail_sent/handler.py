"""What to do after a letter was asked for. The same for every address."""

from fastapi import APIRouter
from fastapi.responses import Response

from codezest.kit.context import Context

router = APIRouter()

TEMPLATE = "auth/pages/mail_sent/template.html"


@router.get("/register/sent")
async def registration_sent(context: Context) -> Response:
    """After a registration."""
    return context.page(TEMPLATE, kind="registration")


@router.get("/resend-verification/sent")
async def verification_sent(context: Context) -> Response:
    """After asking for another confirmation letter."""
    return context.page(TEMPLATE, kind="verification")


@router.get("/forgot-password/sent")
async def reset_sent(context: Context) -> Response:
    """After asking for a new password."""
    return context.page(TEMPLATE, kind="reset")
