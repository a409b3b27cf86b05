"""Ask to move one's account to another address."""

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.allow_mail import allow_mail
from codezest.services.auth.actions.confirm_password import confirmed_owner
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.account import EmailChangeRequest
from codezest_db.ids import uuid7
from codezest_db.models.auth import EmailChange


async def change_email(
    database: Database, settings: Settings, actor: Actor, request: EmailChangeRequest, origin: Origin
) -> None:
    """Have a letter sent to the new address; until it is answered, the old one stays. Links asked for earlier end.

    Whether the new address has an account is not said: its owner learns it by the letter.

    Raises:
        Unauthenticated: nobody is signed in.
        ValidationFailed: it is the address of the account already.
        CurrentPasswordWrong, LoginLocked: the password is refused.
        TooManyMails: the address gets no more letters for a while.
    """
    async with confirmed_owner(database, settings, actor, request.current_password, origin) as (session, user):
        if request.new_email.casefold() == user.email.casefold():
            raise ValidationFailed.of("new_email", _("This is your address already."))
        await allow_mail(session, settings, "email-change", email=request.new_email, user_id=user.id, origin=origin)
        await repository.void_email_changes(session, user.id)
        change = EmailChange(
            id=uuid7(),
            user_id=user.id,
            token_hash=repository.unsent_token(),
            expires_at=now() + rules.EMAIL_CHANGE_LIFETIME,
            new_email=request.new_email,
        )
        session.add(change)
        await session.flush()
        repository.audit(session, "email.change_requested", actor_user_id=user.id, subject_id=user.id, origin=origin)
        await enqueue(session, "auth.send_email_change", {"change_id": change.id}, priority=INTERACTIVE)
