"""What single learners are granted, as those who teach send and get it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints, model_validator

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiModel, ApiResponse, Moment


class Grant(ApiModel):
    """More time, attempts or days for one learner: in the whole course, or for one item of it, in place of the former."""

    user_id: UUID
    quiz_id: UUID | None = None
    assignment_id: UUID | None = None
    extra_time_percent: StrictInt = Field(default=0, ge=0, le=1_000, description="Of a quiz's time limit.")
    extra_minutes: StrictInt = Field(default=0, ge=0, le=100_000, description="Beyond that.")
    extra_attempts: StrictInt = Field(default=0, ge=0, le=1_000)
    extra_days: StrictInt = Field(default=0, ge=0, le=3_650, description="After each due date and each closing.")
    due_at: Moment | None = Field(default=None, description="For one item: in place of its own due date.")
    note: Annotated[str, StringConstraints(max_length=1_000)] | None = Field(
        default=None, description="For the staff; learners never see it."
    )

    @model_validator(mode="after")
    def _is_for_one_thing(self) -> "Grant":
        items = [item for item in (self.quiz_id, self.assignment_id) if item is not None]
        if len(items) > 1:
            raise ValueError("name a quiz or an assignment, not both")
        if self.due_at is not None and not items:
            raise ValueError("a due date is granted for one quiz or assignment; give days for the whole course")
        return self


class AccommodationDetail(ApiResponse):
    id: UUID
    course_id: UUID
    user_id: UUID
    learner: str | None = Field(description="The learner's name; null once the account is deleted.")
    quiz_id: UUID | None
    assignment_id: UUID | None
    item: str | None = Field(description="The item's title; null: the whole course.")
    extra_time_percent: int
    extra_minutes: int
    extra_attempts: int
    extra_days: int
    due_at: datetime | None
    note: str | None
    created_at: datetime
    updated_at: datetime


class AccommodationPage(Page[AccommodationDetail]):
    """One page of what is granted in a course, the newest first."""
