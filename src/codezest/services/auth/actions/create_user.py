"""Make a user directly, as the operator."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import EmailVerified, UserRegistered
from codezest.kit.clock import now
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.manage_user import change_role, introduce_instructor
from codezest.services.auth.passwords import hash_password
from codezest.services.auth.rules import Origin
from codezest_db.enums import Role

OPERATOR = Origin(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedUser:
    """`created` is False when the address had a confirmed account: it has the role now, and its own password and names."""

    id: UUID
    created: bool


async def create_user(
    session: AsyncSession,
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str = "",
    role: Role = Role.STUDENT,
) -> CreatedUser:
    """Make a confirmed user with a role; an unconfirmed registration of the address becomes that user.

    The password is hashed within the transaction: nobody else waits for a row that an operator makes.

    Raises:
        ValidationFailed: the address, a name or the password is not acceptable.
    """
    address = _accepted("email", rules.normalise_email, email)
    names = _accepted("first_name", rules.clean_name, first_name), _accepted("last_name", rules.clean_name, last_name)
    if not names[0]:
        raise ValidationFailed.of("first_name", _("A first name is needed."))
    user_id, made = await repository.add_user(session, email=address, first_name=names[0], last_name=names[1])
    user = (await repository.users_for_update(session, user_id))[user_id]
    if user.email_verified_at is not None:
        await change_role(session, user, role, changed_by=None, origin=OPERATOR)
        return CreatedUser(id=user_id, created=False)
    if not rules.PASSWORD_MIN <= len(password) <= rules.PASSWORD_MAX:
        raise ValidationFailed.of(
            "password",
            _("Use %(least)s to %(most)s characters.") % {"least": rules.PASSWORD_MIN, "most": rules.PASSWORD_MAX},
        )
    rules.check_password(password, address)
    user.first_name, user.last_name, user.role = *names, role
    user.password_hash, user.email_verified_at = await hash_password(password), now()
    await session.flush()
    if role is Role.INSTRUCTOR:
        await introduce_instructor(session, user_id)
    await repository.void_verifications(session, user_id)
    repository.audit(session, "user.created", actor_user_id=None, subject_id=user_id, origin=OPERATOR, role=role.value)
    if made:
        await publish(session, UserRegistered(user_id=user_id, role=role))
    await publish(session, EmailVerified(user_id=user_id))
    return CreatedUser(id=user_id, created=True)


def _accepted(field: str, rule: Callable[[str], str], text: str) -> str:
    try:
        return rule(text)
    except ValueError as error:
        raise ValidationFailed.of(field, str(error)) from None
