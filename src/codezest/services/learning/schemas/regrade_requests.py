"""Learners' requests to have a grade looked at again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest_db.enums import RegradeRequestStatus

Reason = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")]


class NewRequest(ApiModel):
    """Asks for another look at a grade, once."""

    grading_id: UUID = Field(description="The grade that was looked at.")
    reason: Reason


class Refusal(ApiModel):
    """Leaves the grade as it is. A request is accepted by grading anew."""

    reply: Reason


class RequestMade(ApiResponse):
    id: UUID
    grading_id: UUID
    reason: str
    status: RegradeRequestStatus
    reply: str | None


class RequestDetail(RequestMade):
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime
