"""The pages of the service auth: forms that work without scripts. One folder per page."""

from fastapi import APIRouter

from codezest.services.auth.pages.account import handler as account
from codezest.services.auth.pages.forgot_password import handler as forgot_password
from codezest.services.auth.pages.login import handler as login
from codezest.services.auth.pages.logout import handler as logout
from codezest.services.auth.pages.mail_sent import handler as mail_sent
from codezest.services.auth.pages.mailbox import handler as mailbox
from codezest.services.auth.pages.password import handler as password
from codezest.services.auth.pages.profile import handler as profile
from codezest.services.auth.pages.register import handler as register
from codezest.services.auth.pages.resend_verification import handler as resend_verification
from codezest.services.auth.pages.reset_password import handler as reset_password
from codezest.services.auth.pages.sessions import handler as sessions
from codezest.services.auth.pages.theme import handler as theme
from codezest.services.auth.pages.verify_email import handler as verify_email

router = APIRouter()
for page in (
    account,
    forgot_password,
    login,
    logout,
    mail_sent,
    mailbox,
    password,
    profile,
    register,
    resend_verification,
    reset_password,
    sessions,
    theme,
    verify_email,
):
    router.include_router(page.router)
