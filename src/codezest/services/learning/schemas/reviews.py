"""Reviews of courses, as readers get and learners send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from codezest.kit.schemas import ApiModel, ApiResponse

ReviewText = Annotated[str, StringConstraints(max_length=4_000, strip_whitespace=True)]


JudgementReason = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class ReviewToWrite(ApiModel):
    rating: StrictInt = Field(ge=1, le=5)
    text: ReviewText | None = None


class ReviewOut(ApiResponse):
    """A review. Of its writer, the name shown is all that is told."""

    id: UUID
    display_name: str | None = Field(description="Null once the account is deleted.")
    rating: int
    text: str | None
    created_at: datetime
    updated_at: datetime
    reply: str | None = Field(description="Of those who teach.")
    replied_at: datetime | None
    hidden_at: datetime | None = Field(
        description="Only its writer, those who teach and administrators see one that is hidden."
    )
    own: bool = Field(description="Whether it is the caller's.")
    reports: int = Field(description="How many wait to be looked at, for administrators; else 0.")


class ReviewPage(ApiResponse):
    rating_average: float | None
    rating_count: int
    rating_counts: list[int] = Field(description="How many gave one star, two, up to five.")
    may_review: bool = Field(description="Whether the caller may write or change one.")
    can_reply: bool
    can_hide: bool
    own: ReviewOut | None
    items: list[ReviewOut]
    next_cursor: str | None


class ReportToWrite(ApiModel):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S", strip_whitespace=True)]


class ReplyToWrite(ApiModel):
    reply: ReviewText | None = Field(description="Null or empty: none any more.")


class ReviewVisibility(ApiModel):
    hidden: StrictBool
    reason: JudgementReason | None = Field(default=None, description="For the audit trail.")


class ReportedReview(ApiResponse):
    """A review somebody has reported, with what was said."""

    review: ReviewOut
    course_title: str
    course_slug: str
    reasons: list[str]


class ReportedReviews(ApiResponse):
    items: list[ReportedReview]
    next_cursor: str | None
