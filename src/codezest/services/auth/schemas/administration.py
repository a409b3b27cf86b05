"""The API types of administration."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse
from codezest.services.auth.schemas import Email, GivenName, Name, Reason
from codezest_db.enums import Role

UserState = Literal["ACTIVE", "SUSPENDED", "UNVERIFIED", "DELETION"]
"""ACTIVE may log in; DELETION waits for its deletion."""


class Invitation(ApiModel):
    email: Email
    first_name: GivenName
    last_name: Name = ""
    role: Role = Role.STUDENT


class DeletionOrder(ApiModel):
    reason: Reason | None = Field(default=None, description="Told to the account's owner when they try to log in.")


class AuditEntryOut(ApiResponse):
    """One act. Names are those that the accounts have now."""

    id: UUID
    created_at: datetime
    action: str = Field(description="Stable name, such as `user.suspended`.")
    actor_user_id: UUID | None = Field(description="Null when the program itself, or an operator by command, acted.")
    actor_name: str | None
    subject_type: str
    subject_id: UUID | None
    subject_name: str | None = Field(description="Of users only.")
    ip_address: str | None
    details: dict[str, Any]


class FeatureOut(ApiResponse):
    """One setting of the platform."""

    key: str
    value: Any
    default: Any
    description: str
    read_by: str
    choices: list[str] | None = Field(description="The values it may have, where they are few; null for text.")
    revision: int = Field(description="0 where it was never set. Send it along with a change.")
    updated_at: datetime | None
    updated_by: UUID | None
    updated_by_name: str | None


class FeatureChange(ApiModel):
    value: str | bool
    revision: Annotated[int, Field(ge=0, le=LARGEST_INTEGER, strict=True)]


class Exceeding(ApiResponse):
    """A number that is counted so far only as it matters."""

    count: int
    more: bool = Field(description="Whether there are more than that.")


class AccountCounts(ApiResponse):
    roles: dict[Role, Exceeding]
    suspended: Exceeding
    unverified: Exceeding
    waiting_for_deletion: Exceeding
    failed_exports: Exceeding
