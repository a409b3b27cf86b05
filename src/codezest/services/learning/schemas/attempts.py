"""What is kept of an attempt while it runs."""

from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from codezest.kit.schemas import ApiModel, ApiResponse

MOST_SECONDS = 86_400


class KeptAnswer(ApiModel):
    """How one question stands."""

    option_ids: list[UUID] = Field(default=[], max_length=50)
    flagged: StrictBool = Field(default=False, description="Whether the learner means to come back to it.")
    seconds_spent: StrictInt = Field(default=0, ge=0, le=MOST_SECONDS, description="How long it was looked at.")


class AttemptToSave(ApiModel):
    """An attempt as it stands in one page; it replaces what was saved before."""

    revision: StrictInt = Field(ge=0, description="That of the saved answers which these continue.")
    questions: dict[UUID, KeptAnswer] = Field(max_length=500, description="By question; one that is left out is open.")
    current: UUID | None = Field(default=None, description="The question that is being looked at.")
    page: str | None = Field(
        default=None,
        min_length=8,
        max_length=64,
        description="Names the page that sends. One that was the last to save may save again whatever revision it knows.",
    )


class AttemptRevision(ApiResponse):
    revision: int


class SavedQuestion(ApiResponse):
    """How one question stood when it was saved."""

    option_ids: list[UUID]
    flagged: bool
    seconds_spent: int


class SavedAttempt(ApiResponse):
    """What was saved of a running attempt. It is what counts when the time is over."""

    revision: int
    current: UUID | None
    page: str | None = Field(description="The page that saved it.")
    questions: dict[UUID, SavedQuestion]
