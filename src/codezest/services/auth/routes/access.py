"""Ways in and out: registration, confirmation, login, logout, a new password."""

from fastapi import APIRouter, Response

from codezest.kit.context import SESSION_COOKIE, Context
from codezest.services.auth import queries
from codezest.services.auth.actions import register as registering
from codezest.services.auth.actions import request_mail as requesting
from codezest.services.auth.actions import reset_password as resetting
from codezest.services.auth.actions import sign_in as signing_in
from codezest.services.auth.actions import sign_out as signing_out
from codezest.services.auth.actions import verify_email as verifying
from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import (
    Credentials,
    LoginAnswer,
    MailRequest,
    MailSent,
    Registration,
    ResetAnswer,
    VerificationAnswer,
    Verified,
)
from codezest.services.auth.ways_in.schemas import SecondStepDue

router = APIRouter(prefix="/auth", tags=["auth"])

REGISTERED = "We have sent a mail to this address. Open the link in it to confirm the address."
REQUESTED = "If an account needs it, a mail is on its way to this address."


@router.post("/register", status_code=201)
async def register(registration: Registration, context: Context) -> MailSent:
    """Register. The answer is the same for an address that has an account; its owner gets a letter that says so."""
    origin = Origin.of(context.client_address, context.user_agent)
    await registering.register(context.database, context.settings, registration, origin)
    return MailSent(message=REGISTERED, email=registration.email)


@router.post("/login", responses={202: {"model": SecondStepDue, "description": "A code is still needed"}})
async def login(credentials: Credentials, context: Context, response: Response) -> LoginAnswer | SecondStepDue:
    """Begin a session, or learn that a code is needed too. Too many wrong passwords lock the address for a while, whether
    or not it has an account.
    """
    begun = await signing_in.sign_in(
        context.database,
        context.settings,
        email=credentials.email,
        password=credentials.password,
        origin=Origin.of(context.client_address, context.user_agent),
    )
    if isinstance(begun, CodeDue):
        response.status_code = 202
        return SecondStepDue(ceremony=begun.ceremony)
    return LoginAnswer(token=begun.token, user=await queries.user_of(context.database.pool("auth"), begun.user_id))


@router.post("/logout", status_code=204)
async def logout(context: Context, response: Response) -> None:
    """End the session of this request."""
    async with context.database.write("auth") as session:
        await signing_out.sign_out(session, context.actor)
    context.delete_cookie(response, SESSION_COOKIE)


@router.post("/verify-email")
async def verify_email(answer: VerificationAnswer, context: Context) -> Verified:
    """Confirm an address with the token of a letter. Log in afterwards."""
    async with context.database.write("auth") as session:
        user = await verifying.verify_email(session, answer.token)
        email = user.email
    return Verified(email=email)


@router.post("/resend-verification", status_code=202)
async def resend_verification(request: MailRequest, context: Context) -> MailSent:
    """Ask for another confirmation letter. The answer is the same for every address."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await requesting.request_mail(session, context.settings, "verification", email=request.email, origin=origin)
    return MailSent(message=REQUESTED, email=request.email)


@router.post("/forgot-password", status_code=202)
async def forgot_password(request: MailRequest, context: Context) -> MailSent:
    """Ask for a link to choose a new password. The answer is the same for every address."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await requesting.request_mail(session, context.settings, "reset", email=request.email, origin=origin)
    return MailSent(message=REQUESTED, email=request.email)


@router.post("/reset-password", status_code=204)
async def reset_password(answer: ResetAnswer, context: Context) -> None:
    """Choose a new password with the token of a letter. Every session of the account ends."""
    await resetting.reset_password(
        context.database,
        token=answer.token,
        password=answer.password,
        origin=Origin.of(context.client_address, context.user_agent),
    )
