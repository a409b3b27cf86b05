"""The API types of tokens for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.kit.scopes import Scope
from codezest.services.auth.schemas import GivenName


class ApiTokenRequest(ApiModel):
    name: GivenName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=10)]
    expires_in_days: Annotated[int, Field(ge=1, le=366)] | None = Field(
        default=90, description="Null for a token that never ends by itself."
    )


class ApiTokenOut(ApiResponse):
    id: UUID
    name: str
    prefix: str = Field(description="How the token begins.")
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    expired: bool


class ApiTokenMade(ApiResponse):
    id: UUID
    token: str = Field(description="Send it as `Authorization: Bearer …`. It is shown this once.", repr=False)
