"""What the service auth announces. Ids only: who needs more reads `auth.public_users`."""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from codezest.kit.outbox import Event
from codezest_db.enums import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRegistered(Event):
    """Someone gave an address that had no account. Whether it is theirs, `EmailVerified` tells."""

    topic: ClassVar[str] = "auth.user_registered"

    user_id: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailVerified(Event):
    """The owner of the address has answered a mail: the account is theirs and can be used."""

    topic: ClassVar[str] = "auth.email_verified"

    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSignedIn(Event):
    """A session began."""

    topic: ClassVar[str] = "auth.user_signed_in"

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """The user has a new password, chosen while signed in (`CHANGED`) or through a mail (`RESET`)."""

    topic: ClassVar[str] = "auth.password_changed"

    user_id: UUID
    how: Literal["CHANGED", "RESET"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Event):
    """An administrator gave the user another role; `changed_by` is null when the operator did so by command."""

    topic: ClassVar[str] = "auth.role_changed"

    user_id: UUID
    old_role: Role
    new_role: Role
    changed_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChanged(Event):
    """The account has another address, which its owner has confirmed, or its former one again."""

    topic: ClassVar[str] = "auth.email_changed"

    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DataExportRequested(Event):
    """A user wants all that is held of them. Each service writes its part to the files and announces it.

    The part's key is `exports/{export_id}/{service}.zip`: an archive of JSON files, one for each table.
    """

    topic: ClassVar[str] = "auth.data_export_requested"

    user_id: UUID
    export_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDeleted(Event):
    """The account is gone for good; its id stays, nameless. Each service erases what the person typed or sent."""

    topic: ClassVar[str] = "auth.user_deleted"

    user_id: UUID
