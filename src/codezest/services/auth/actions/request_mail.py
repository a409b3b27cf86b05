"""Ask for another confirmation letter, or for a new password."""

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.settings import Settings
from codezest.services.auth import repository
from codezest.services.auth.actions.allow_mail import allow_mail
from codezest.services.auth.rules import Origin

JOBS = {"verification": "auth.resend_verification", "reset": "auth.send_password_reset"}


async def request_mail(
    session: AsyncSession, settings: Settings, kind: Literal["verification", "reset"], *, email: str, origin: Origin
) -> None:
    """Have a letter sent if the address has an account that such a letter serves.

    Whether it has is found out by the job, so that this takes the same time for every address.

    Raises:
        TooManyMails: the address or the network has asked too often.
    """
    user = await repository.user_by_email(session, email)
    request_id = await allow_mail(
        session, settings, kind, email=email, user_id=user.id if user else None, origin=origin
    )
    await enqueue(session, JOBS[kind], {"request_id": request_id}, priority=INTERACTIVE)
