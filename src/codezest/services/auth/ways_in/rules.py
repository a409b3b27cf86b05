"""Pure decisions about ways to sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from codezest.kit.i18n import gettext as _
from codezest.services.auth.rules import names

PROOF_LIFETIME = timedelta(minutes=10)
"""How long after a password, a passkey or a code its holder may change ways to sign in."""
SECOND_STEP_LIFETIME = timedelta(minutes=10)
PASSKEY_LIFETIME = timedelta(minutes=10)
IDENTITY_LIFETIME = timedelta(minutes=10)
CEREMONY_ATTEMPTS = 10
"""Codes that may be tried after one password."""
SECOND_STEPS_WAITING = 20
"""Passwords given for one account whose codes are still owed; older ones make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """By what an account can be entered."""

    password: bool
    passkeys: frozenset[UUID]
    identities: frozenset[UUID]

    def remain_without(self, way: UUID) -> bool:
        """Whether another way in is left when this passkey or identity goes."""
        return self.password or bool((self.passkeys | self.identities) - {way})


def is_recent(proved_at: datetime | None, *, moment: datetime) -> bool:
    """Whether the proof is young enough to change ways to sign in."""
    return proved_at is not None and moment - PROOF_LIFETIME < proved_at <= moment + timedelta(minutes=1)


def passkey_name(text: str) -> str:
    """What a passkey is called, in one line.

    Raises:
        ValueError: nothing is left of it, or it holds characters that control, hide or turn text.
    """
    name = names.one_line(text)
    if not name:
        raise ValueError(_("Please fill this in."))
    return name
