"""What is kept of an attempt while it runs."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StringConstraints

from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse
from codezest.services.learning.questions.asked import FieldKind, most_characters
from codezest.services.learning.rules import MAX_CODE_BYTES
from codezest.services.learning.schemas.question_runs import ProgramRun

MOST_SECONDS = 86_400


def _lengths(entries: dict[str, str]) -> dict[str, str]:
    if any(len(entry) > most_characters(name) for name, entry in entries.items()):
        raise ValueError("an entry is too long")
    return entries


Entries = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=64)], Annotated[str, StringConstraints(max_length=MAX_CODE_BYTES)]
    ],
    AfterValidator(_lengths),
    Field(max_length=60, description="What was typed or selected, by the name of its field."),
]


Points = int | float
"""Exact to the hundredth."""


class KeptAnswer(ApiModel):
    """How one question stands."""

    option_ids: list[UUID] = Field(default=[], max_length=50)
    entries: Entries = Field(default={})
    flagged: StrictBool = Field(default=False, description="Whether the learner means to come back to it.")
    seconds_spent: StrictInt = Field(default=0, ge=0, le=MOST_SECONDS, description="How long it was looked at.")


class AttemptToSave(ApiModel):
    """An attempt as it stands in one page; it replaces what was saved before."""

    revision: StrictInt = Field(ge=0, le=LARGEST_INTEGER, description="That of the saved answers which these continue.")
    questions: dict[UUID, KeptAnswer] = Field(max_length=500, description="By question; one that is left out is open.")
    current: UUID | None = Field(default=None, description="The question that is being looked at.")
    page: str | None = Field(
        default=None,
        min_length=8,
        max_length=64,
        description="Names the page that sends. One that was the last to save may save again whatever revision it knows.",
    )


class MarkToGive(ApiModel):
    """What somebody who grades gives an answer."""

    points: float = Field(ge=0, le=1_000, allow_inf_nan=False, description="In steps of 0.01.")
    comment: Annotated[str, StringConstraints(max_length=5_000)] | None = Field(
        default=None, description="For the learner."
    )


class AttemptRevision(ApiResponse):
    revision: int


class SavedQuestion(ApiResponse):
    """How one question stood when it was saved."""

    option_ids: list[UUID]
    entries: dict[str, str] = Field(default={})
    flagged: bool
    seconds_spent: int


class SavedAttempt(ApiResponse):
    """What was saved of a running attempt. It is what counts when the time is over."""

    revision: int
    current: UUID | None
    page: str | None = Field(description="The page that saved it.")
    questions: dict[UUID, SavedQuestion]


class OfferedOption(ApiResponse):
    id: UUID
    text: str


class OfferedChoice(ApiResponse):
    value: str
    text: str = Field(description="Markdown.")


class OfferedSample(ApiResponse):
    """A test that a program can be run on before it is handed in."""

    name: str
    input: str
    arguments: list[Any] | None = Field(
        default=None, description="Of the function that is called; `expected` is then the JSON it returns."
    )
    expected: str


class OfferedProgram(ApiResponse):
    """What a program is written in, from, and for."""

    language: str = Field(description="The key under which it is run.")
    function: str | None = Field(default=None, description="What tests call; null: they run the program as a whole.")
    starter: str = Field(description="What to begin with. Left as it is, the question counts as left open.")
    samples: list[OfferedSample]
    hidden: int = Field(description="How many tests it is graded by besides.")


class OfferedField(ApiResponse):
    """Something to fill in: its entry is sent under its name."""

    name: str
    kind: FieldKind
    label: str | None = Field(description="Markdown; null: it is a blank in the text, or the question says it.")
    choices: list[OfferedChoice] = Field(description="Of a SELECT: the entry is the value of one.")
    lines: int = Field(description="How much room there is to write.")
    units: list[str] = Field(description="Of a NUMBER: those that it may have.")
    program: OfferedProgram | None = Field(default=None, description="Of a CODE.")


class EntryReview(ApiResponse):
    """How a field was filled in, in words."""

    name: str
    given: str
    right: str | None = Field(description="Null: only a person can tell.")
    is_right: bool


class AnswerReview(ApiResponse):
    """How a question was answered, and what is right."""

    answer_id: UUID
    chosen_option_ids: list[UUID]
    correct_option_ids: list[UUID]
    entries: list[EntryReview]
    is_correct: bool | None = Field(
        description="Null: its program waits to be graded, or somebody has to mark it. Partly right is not correct."
    )
    points: Points = Field(description="Below 0 where a wrong answer costs points.")
    explanation: str | None
    comment: str | None = Field(description="Of whoever marked it.")
    seconds_spent: int | None
    run: ProgramRun | None = Field(default=None, description="Of a CODE that was not left open: how its tests went.")
