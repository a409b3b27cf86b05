"""The API types of changes that concern the whole account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.auth.schemas import Email, Token
from codezest_db.enums import DataExportStatus

GivenPassword = Annotated[
    str | None, Field(max_length=1000, repr=False, description="Null for an account without one.")
]


class EmailChangeRequest(ApiModel):
    new_email: Email
    current_password: GivenPassword = None


class EmailChangeAnswer(ApiModel):
    token: Token


class EmailChanged(ApiResponse):
    email: str = Field(description="The address the account has now.")


class DeletionRequest(ApiModel):
    current_password: GivenPassword = None


class DeletionOut(ApiResponse):
    deletes_at: datetime = Field(description="When the account is deleted, unless its owner takes it back.")


class DataExportOut(ApiResponse):
    id: UUID
    status: DataExportStatus
    size_bytes: int | None
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None


class AvatarOut(ApiResponse):
    avatar_url: str = Field(description="256 pixels wide; `-96` before the dot names a smaller one.")
