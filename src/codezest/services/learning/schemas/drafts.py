"""What a learner's desk keeps between submissions: the program as it was left, and the hints asked for."""

from datetime import datetime

from pydantic import Field, StrictInt

from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse
from codezest.services.learning.program_files import MAX_FILES
from codezest.services.learning.schemas.harness import Files


class DraftChange(ApiModel):
    """A program as it stands in the editor; nothing needs to be finished."""

    code: str = Field(description="The file that the program begins with; at most 65,536 bytes of UTF-8.")
    files: Files = Field(
        default_factory=dict[str, str],
        max_length=MAX_FILES - 1,
        description="Where the exercise has several files: the other ones, text by path; with `code` at most 262,144 bytes.",
    )
    revision: StrictInt = Field(
        ge=0, le=LARGEST_INTEGER, description="The one that it continues; 0: there was no draft."
    )


class SavedDraft(ApiResponse):
    revision: int = Field(description="What the next change has to name.")
    saved_at: datetime


class DraftDetail(SavedDraft):
    code: str
    files: dict[str, str] = Field(description="The other files, text by path.")


class DraftAnswer(ApiResponse):
    draft: DraftDetail | None = Field(description="Null while nothing was kept.")


class HintRequest(ApiModel):
    position: StrictInt = Field(
        ge=0, le=1000, description="Of the hint, from 0. Those before it must have been asked for."
    )


class Hints(ApiResponse):
    """The hints that the caller has asked for."""

    items: list[str] = Field(description="Markdown, in order.")
    total: int = Field(description="How many there are.")
