"""Take a registration."""

from codezest.events.auth import UserRegistered
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.allow_mail import allow_mail
from codezest.services.auth.actions.open_registration import require_open_registration
from codezest.services.auth.passwords import hash_password
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import Registration
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from codezest_db.models.auth import EmailVerification


async def register(database: Database, settings: Settings, registration: Registration, origin: Origin) -> None:
    """Have a letter sent to the address: to confirm it, or to say that it has an account already.

    What was typed waits beside the account until a letter is answered. A stranger may register somebody's address first:
    only the registration whose own letter is answered ever counts. The caller cannot tell the cases apart, nor by time:
    the password is hashed in each. Whoever asked too often costs no hashing.

    Raises:
        PasswordTooCommon, PasswordIsEmail: the password is refused.
        TooManyMails: the address or the network has asked too often.
        RegistrationClosed: new accounts are not open to everybody. Whoever was invited answers the letter instead.
    """
    rules.check_password(registration.password, registration.email)
    async with database.write("auth") as session:
        await require_open_registration(session)
        user = await repository.user_by_email(session, registration.email)
        await allow_mail(
            session,
            settings,
            "registration",
            email=registration.email,
            user_id=user.id if user else None,
            origin=origin,
        )
    password_hash = await hash_password(registration.password)
    async with database.write("auth") as session:
        user = await repository.user_by_email(session, registration.email)
        user_id, made = await repository.add_user(
            session, email=registration.email, first_name=registration.first_name, last_name=registration.last_name
        )
        if made:
            await publish(session, UserRegistered(user_id=user_id, role=Role.STUDENT))
        elif user is not None and user.email_verified_at is not None:
            await enqueue(session, "auth.send_already_registered", {"user_id": user_id}, priority=INTERACTIVE)
            return
        verification = EmailVerification(
            id=uuid7(),
            user_id=user_id,
            token_hash=repository.unsent_token(),
            expires_at=now() + rules.VERIFICATION_LIFETIME,
            pending_password_hash=password_hash,
            pending_first_name=registration.first_name,
            pending_last_name=registration.last_name,
        )
        session.add(verification)
        await session.flush()
        await enqueue(session, "auth.send_verification", {"verification_id": verification.id}, priority=INTERACTIVE)
