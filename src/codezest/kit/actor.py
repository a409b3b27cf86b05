"""Who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.errors import Forbidden, Unauthenticated
from codezest.kit.i18n import gettext as _
from codezest.kit.preferences import Preferences
from codezest_db.enums import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person behind a request: a signed-in user, or nobody (`ANONYMOUS`)."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    role: Role | None = None
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    avatar_url: str | None = None
    locale: str = "en"
    timezone: str = "UTC"
    scopes: frozenset[str] | None = None
    """What the program that asks may do in this person's name; None where the person asks."""
    deletion_requested_at: datetime | None = None
    """Since when the account waits for its deletion, which its owner may still take back."""
    stored_preferences: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def preferences(self) -> Preferences:
        return Preferences.of(self.stored_preferences)

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_author(self) -> bool:
        """Whether the role may write content at all; which content, a policy decides."""
        return self.role in {Role.ADMIN, Role.INSTRUCTOR}

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:1].upper()

    def require_user(self) -> UUID:
        """The id of the signed-in user.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.user_id is None:
            raise Unauthenticated
        return self.user_id

    def require_admin(self) -> UUID:
        """The id of the signed-in administrator.

        Raises:
            Unauthenticated: nobody is signed in.
            Forbidden: the user is no administrator.
        """
        user_id = self.require_user()
        if not self.is_admin:
            raise Forbidden(_("Only an administrator may do this."))
        return user_id

    def require_author(self) -> UUID:
        """The id of the signed-in instructor or administrator.

        Raises:
            Unauthenticated: nobody is signed in.
            Forbidden: the user writes no content.
        """
        user_id = self.require_user()
        if not self.is_author:
            raise Forbidden(_("Only an instructor or an administrator may do this."))
        return user_id


ANONYMOUS = Actor()
