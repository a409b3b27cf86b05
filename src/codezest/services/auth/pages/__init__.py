"""The pages of the service auth: forms that work without scripts. One folder per page."""

from fastapi import APIRouter

from codezest.services.auth.pages.account import handler as account
from codezest.services.auth.pages.admin import router as admin
from codezest.services.auth.pages.avatar import handler as avatar
from codezest.services.auth.pages.change_email import handler as change_email
from codezest.services.auth.pages.connections import handler as connections
from codezest.services.auth.pages.data import handler as data
from codezest.services.auth.pages.email import handler as email
from codezest.services.auth.pages.forgot_password import handler as forgot_password
from codezest.services.auth.pages.identity import handler as identity
from codezest.services.auth.pages.instructor import handler as instructor
from codezest.services.auth.pages.login import handler as login
from codezest.services.auth.pages.logout import handler as logout
from codezest.services.auth.pages.mail_sent import handler as mail_sent
from codezest.services.auth.pages.mailbox import handler as mailbox
from codezest.services.auth.pages.passkey_sign_in import handler as passkey_sign_in
from codezest.services.auth.pages.passkeys import handler as passkeys
from codezest.services.auth.pages.password import handler as password
from codezest.services.auth.pages.preferences import handler as preferences
from codezest.services.auth.pages.profile import handler as profile
from codezest.services.auth.pages.proof import handler as proof
from codezest.services.auth.pages.public_profile import handler as public_profile
from codezest.services.auth.pages.register import handler as register
from codezest.services.auth.pages.resend_verification import handler as resend_verification
from codezest.services.auth.pages.reset_password import handler as reset_password
from codezest.services.auth.pages.second_factor import handler as second_factor
from codezest.services.auth.pages.sessions import handler as sessions
from codezest.services.auth.pages.theme import handler as theme
from codezest.services.auth.pages.tokens import handler as tokens
from codezest.services.auth.pages.two_step import handler as two_step
from codezest.services.auth.pages.verify_email import handler as verify_email

router = APIRouter()
for page in (
    account,
    avatar,
    change_email,
    connections,
    data,
    email,
    forgot_password,
    identity,
    instructor,
    login,
    logout,
    mail_sent,
    mailbox,
    passkey_sign_in,
    passkeys,
    password,
    preferences,
    profile,
    proof,
    public_profile,
    register,
    resend_verification,
    reset_password,
    second_factor,
    sessions,
    theme,
    tokens,
    two_step,
    verify_email,
):
    router.include_router(page.router)
router.include_router(admin)
